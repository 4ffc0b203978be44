// The conversation page: preferences, the stream of records, the state of the line. No build step.
import { prepare, startCards } from "./cards.js";
import { addRecord, part, settle, startLog, waiting, words } from "./log.js";
import { arrived, idle, resendAll, startSending } from "./sending.js";

const root = document.documentElement;
const body = document.body;
const network = document.getElementById("network");
const TYPES = ["100", "125", "150"];

// Preferences: colours and type size for this device, covered amounts for this tab

function remember(store, key, value) {
  try { value ? window[store].setItem(key, value) : window[store].removeItem(key); } catch { /* private mode */ }
}
function showAmounts() {
  const on = root.dataset.amounts === "hidden";
  const button = document.querySelector('[data-tool="amounts"]');
  button.setAttribute("aria-pressed", on);
  button.setAttribute("aria-label", on ? button.dataset.onLabel : button.dataset.offLabel);
}
function coverAmounts(on) {
  if (on) root.dataset.amounts = "hidden"; else delete root.dataset.amounts;
  remember("sessionStorage", "amounts", on ? "hidden" : "");
  showAmounts();
}
function showType() {
  for (const button of document.querySelectorAll('[data-tool="type"][data-label]')) {
    button.setAttribute("aria-label", button.dataset.label.replace("{percent}", root.dataset.type || "100"));
  }
}
function nextType() {
  const next = TYPES[(TYPES.indexOf(root.dataset.type || "100") + 1) % TYPES.length];
  if (next === "100") delete root.dataset.type; else root.dataset.type = next;
  remember("localStorage", "type", next === "100" ? "" : next);
  showType();
  dispatchEvent(new Event("resize"));
}
function showTheme() {
  for (const button of document.querySelectorAll("[data-theme-choice]")) {
    button.setAttribute("aria-pressed", button.dataset.themeChoice === (root.dataset.theme || "auto"));
  }
}
function chooseTheme(choice) {
  if (choice === "auto") delete root.dataset.theme; else root.dataset.theme = choice;
  remember("localStorage", "theme", choice === "auto" ? "" : choice);
  showTheme();
}

document.addEventListener("click", (event) => {
  const tool = event.target.closest("[data-tool]")?.dataset.tool;
  if (tool === "amounts") coverAmounts(root.dataset.amounts !== "hidden");
  if (tool === "amounts-show") {
    const heading = event.target.closest(".card").querySelector("h2");
    coverAmounts(false);
    heading.focus();
  }
  if (tool === "type") nextType();
  const theme = event.target.closest("[data-theme-choice]");
  if (theme) chooseTheme(theme.dataset.themeChoice);
  const menu = document.getElementById("menu");
  if (menu.open && !menu.contains(event.target)) menu.open = false;
});
// Where focus was moved to is shown to people who move by the Tab key, not after a tap.
document.addEventListener("pointerdown", () => { delete root.dataset.keys; }, true);
document.addEventListener("keydown", (event) => {
  if (event.key === "Tab") root.dataset.keys = "";
  const menu = document.getElementById("menu");
  if (event.key === "Escape" && menu.open) {
    menu.open = false;
    menu.firstElementChild.focus();
  }
});

// The stream

let stream = null;
let last = +body.dataset.lastSeq;
let lost = null;
let pause = 1000;
let ended = false;

function connect() {
  if (ended) return;
  stream?.close();
  stream = new EventSource(`${body.dataset.stream}?after=${last}`);
  stream.onopen = () => {
    pause = 1000;
    clearTimeout(lost);
    lost = null;
    if (network.dataset.state === "offline" && navigator.onLine) showNetwork("online");
    resendAll();
  };
  stream.onerror = () => {
    lost ??= setTimeout(showNetwork, 3000, "offline");
    if (stream.readyState === EventSource.CLOSED) {
      setTimeout(connect, pause);
      pause = Math.min(pause * 2, 30000);
    }
  };
  stream.addEventListener("record", (event) => {
    const record = JSON.parse(event.data);
    last = Math.max(last, +record.seq);
    if (record.client_message_id) arrived(record.client_message_id);
    if (record.speaker !== "person") waiting(false);
    const turn = addRecord(record);
    if (turn) { prepare(turn); settle(); }
  });
  stream.addEventListener("state", (event) => setState(JSON.parse(event.data)));
  stream.addEventListener("waiting", (event) => waiting(JSON.parse(event.data).on));
}

function replace(id, html) {
  const place = document.getElementById(id);
  if (html !== undefined && place.dataset.shown !== html) {
    place.dataset.shown = html;
    place.innerHTML = html;
    settle();
  }
}
function setState(state) {
  replace("progress", state.progress_html);
  replace("banner", state.banner_html);
  if (state.floor) body.dataset.floor = state.floor;
  if (state.floor === "collector") waiting(false);
  if (state.who) document.getElementById("who").textContent = state.who;
  if (state.stage && !["welcome", "identify"].includes(state.stage) && "unproven" in body.dataset) {
    delete body.dataset.unproven;
    document.getElementById("verify").open = false;
  }
  // The conversation went on in the other language (another tab, or as the person now writes).
  if (state.locale && !root.lang.startsWith(state.locale) && idle()) location.reload();
  if (state.crisis !== undefined) body.toggleAttribute("data-crisis", state.crisis);
}

// The line

let quiet = null;
function showNetwork(state) {
  clearTimeout(quiet);
  network.dataset.state = state;
  network.replaceChildren(...(state ? [part(`part-${state}`)] : []));
  if (state === "online") quiet = setTimeout(showNetwork, 4000, "");
}
addEventListener("offline", () => showNetwork("offline"));
addEventListener("online", () => { connect(); resendAll(); });
addEventListener("pageshow", (event) => { if (event.persisted) connect(); });
addEventListener("pagehide", () => stream?.close());

showAmounts();
showType();
showTheme();
startLog();
startCards();
startSending({
  ended() {
    ended = true;
    stream?.close();
    clearTimeout(lost);
    showNetwork("ended");
  },
});
connect();
