// Cards that ask for a code: what is missing is said beside the button; nothing is sent by itself.
import { focusNextRecord, part, words } from "./log.js";
import { send } from "./sending.js";

const plain = (text) => text.normalize("NFKC").replace(/\s+/g, "");
const complete = (input) =>
  input.classList.contains("digits--short") ? /^\d{3,}[\dxX]$/.test(plain(input.value)) : /^\d{6}$/.test(plain(input.value));

function need(form) {
  const digits = !complete(form.querySelector(".digits"));
  const box = form.querySelector("[type=checkbox]");
  const tick = Boolean(box) && !box.checked;
  if (digits && tick) return form.dataset.needBoth;
  if (digits) return form.dataset.needDigits;
  return tick ? form.dataset.needTick : "";
}

export function prepare(root) {
  for (const form of root.querySelectorAll("form[data-secret]:not([novalidate])")) {
    form.noValidate = true;
    show(form);
  }
  minutes();
}

// Signing: the button waits, and says for what.
function show(form) {
  if (!("signs" in form.dataset)) return;
  const missing = need(form);
  const note = form.querySelector(".entry__need");
  note.hidden = !missing;
  note.textContent = missing;
  form.querySelector(".button--primary").setAttribute("aria-disabled", missing ? "true" : "false");
}

function complain(form, text) {
  form.querySelector(".field-error")?.remove();
  const error = part("part-alert");
  const input = form.querySelector(".digits");
  error.id = `${input.id}-missing`;
  error.lastElementChild.textContent = text;
  form.querySelector(".entry__need").before(error);
  form.querySelector(".entry__need").hidden = true;
  input.setAttribute("aria-describedby", `${input.getAttribute("aria-describedby")} ${error.id}`);
  if (complete(input)) form.querySelector("[type=checkbox]")?.focus();
  else { input.setAttribute("aria-invalid", "true"); input.focus(); }
}

function minutes() {
  for (const place of document.querySelectorAll("[data-expires]")) {
    const left = Math.ceil((Date.parse(place.dataset.expires) - Date.now()) / 60000);
    if (Number.isNaN(left) || left > 60) continue;
    const text = left < 1 ? words["code.minutes_over"]
      : left === 1 ? words["code.minutes_one"] : words["code.minutes"].replace("{minutes}", left);
    if (place.textContent !== text) place.textContent = text;
  }
}

export function startCards() {
  prepare(document);
  setInterval(minutes, 60000);
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-secret]");
    if (!form) return;
    form.querySelector(".field-error")?.remove();
    form.querySelector(".digits").removeAttribute("aria-invalid");
    show(form);
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form[data-secret]")) return;
    event.preventDefault();
    const missing = need(form);
    if (missing) { complain(form, missing); return; }
    const input = form.querySelector(".digits");
    focusNextRecord();
    send(plain(input.value), {
      secret: true, card: form.closest(".card-holder"), named: Boolean(form.querySelector("[type=checkbox]:checked")),
    });
    input.value = "";
    show(form);
  });
}
