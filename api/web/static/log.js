// The log: adds records in order and once, folds what is answered, follows the newest.
// The folding rules are those of api/web/log.py, which does the same for a page loaded afresh.

export const words = Object.fromEntries(
  [...document.getElementById("words").content.querySelectorAll("[data-key]")].map(
    (entry) => [entry.dataset.key, entry.textContent],
  ),
);
export const part = (id) => document.getElementById(id).content.firstElementChild.cloneNode(true);

const log = document.getElementById("log");
const inner = document.getElementById("log-inner");
const newer = document.getElementById("newer");
const MASKED = "••••";
let following = true;
let tall = null; // shown from its beginning: what directly follows it is found by reading on
let focusNext = false;
let focused = null;

// Following

const scroller = () =>
  getComputedStyle(log).overflowY === "visible" ? document.scrollingElement : log;
const atEnd = () => {
  const box = scroller();
  return box.scrollHeight - box.scrollTop - box.clientHeight < 64;
};
export function toEnd() {
  const box = scroller();
  box.scrollTop = box.scrollHeight;
  following = true;
  newer.hidden = true;
}
// What was just added grew: the end is still the end.
export function settle() {
  if (following) toEnd();
}
function moved() {
  following = atEnd();
  if (following) newer.hidden = true;
}

// A card taller than the screen is shown from its beginning, not from its end.
function follow(turn, own) {
  if (!following && !own) {
    if (turn.previousElementSibling !== tall) newer.hidden = false;
    return;
  }
  toEnd();
  const box = scroller();
  if (turn.offsetHeight > box.clientHeight) {
    box.scrollTop += turn.getBoundingClientRect().top - log.getBoundingClientRect().top - 8;
    following = atEnd();
    tall = turn;
  }
}

// Records

export const has = (seq) => Boolean(inner.querySelector(`[data-seq="${seq}"]`));
export const hasClient = (id) => Boolean(inner.querySelector(`[data-client-id="${CSS.escape(id)}"]`));

export function addRecord({ seq, html, client_message_id: client }) {
  if (has(seq)) return null;
  moved(); // a tab in the background gets no scroll events
  const frame = document.createElement("template");
  frame.innerHTML = html;
  const turn = frame.content.firstElementChild;
  const pending = client && inner.querySelector(`[data-pending][data-client-id="${CSS.escape(client)}"]`);
  turn.id = `r${seq}`;
  if (pending) pending.remove();
  else turn.dataset.new = "";
  place(turn, seq);
  if (turn.dataset.speaker === "person") answered(turn);
  else arrived(turn);
  follow(turn, false);
  return turn;
}

function place(turn, seq) {
  const later = [...inner.querySelectorAll("[data-seq]")].find((other) => +other.dataset.seq > seq);
  const end = inner.querySelector(":scope > [data-pending], :scope > [data-unsaved], :scope > [data-waiting]");
  const next = later || end;
  const before = next ? next.previousElementSibling : inner.lastElementChild;
  inner.insertBefore(turn, next || null);
  turn.classList.toggle("turn--follows", before?.dataset.speaker === turn.dataset.speaker);
}

function arrived(turn) {
  const card = turn.querySelector(".card-holder");
  if (turn.querySelector("[data-replies]") || card?.dataset.card === "crisis") dropReplies(turn);
  if (card) {
    for (const old of inner.querySelectorAll(".card-holder")) {
      if (old === card || old.dataset.foldsOn === "never") continue;
      const signs = card.dataset.card === "code" && card.dataset.purpose === "signature";
      if (!(old.dataset.card === "terms" && signs)) fold(old);
      old.dataset.past = "";
    }
    if (card.dataset.card === "crisis") {
      for (const unsaved of inner.querySelectorAll("[data-unsaved]")) unsaved.remove();
      enterCrisis(card);
    }
  }
  // A card may come after a bubble that has got the focus: it goes on to the card's heading.
  if (focusNext || (card && focused && document.activeElement === focused)) {
    focusNext = false;
    focused = turn.querySelector(".card h2") || turn;
    focused.focus({ preventScroll: true });
  }
}

// The person has said something: quick replies go, and the newest card folds if that answers it.
export function answered(turn) {
  dropReplies(null);
  const cards = inner.querySelectorAll(".card-holder:not([data-past])");
  const card = cards[cards.length - 1];
  const rule = card?.dataset.foldsOn;
  const said = turn.querySelector(".bubble")?.textContent.trim() || "";
  if (!card || turn.contains(card) || card.compareDocumentPosition(turn) & 2) return;
  if (rule === "answer" || (rule === "secret" && said === MASKED)) fold(card);
}

function dropReplies(except) {
  for (const row of inner.querySelectorAll("[data-replies]")) if (!except?.contains(row)) row.remove();
}

function fold(holder) {
  const box = holder.querySelector(".card");
  if (holder.contains(document.activeElement)) focusNext = true;
  holder.dataset.folded = "";
  box.open = false;
}

export function unfold(holder) {
  if (!holder || "past" in holder.dataset) return;
  delete holder.dataset.folded;
  holder.querySelector(".card").open = true;
}

function enterCrisis(card) {
  document.body.dataset.crisis = "";
  document.getElementById("message").placeholder = words["composer.crisis_placeholder"];
  card.setAttribute("aria-live", "assertive");
  card.querySelector("h2").focus();
}

// Help lines for words that could not be stored: they stand under them until the server's own card.
export function showHelpLines(crisis, after) {
  if (inner.querySelector("[data-unsaved]")) return;
  const turn = part("part-crisis");
  const line = turn.querySelector("li");
  turn.lang = /[\u4e00-\u9fff]/.test(crisis.text) ? "zh-CN" : "en";
  turn.querySelector("h2").textContent = crisis.title;
  turn.querySelector(".card__text").textContent = crisis.text;
  line.replaceWith(...crisis.lines.map(({ number, words: what }) => {
    const one = line.cloneNode(true);
    const link = one.querySelector("a");
    link.href = `tel:${number.replaceAll(" ", "")}`;
    link.setAttribute("aria-label", words["crisis.call"].replace("{number}", number).replace("{words}", what));
    link.querySelector("strong").textContent = number;
    link.querySelector("span").textContent = what;
    return one;
  }));
  dropReplies(null);
  after.after(turn);
  enterCrisis(turn.querySelector(".card-holder"));
  follow(turn, true);
}

// The person's own bubble, before the server has it

export function addPending(client, text) {
  const turn = part("part-person");
  turn.dataset.clientId = client;
  turn.dataset.speaker = "person";
  turn.querySelector(".bubble").textContent = text;
  inner.append(turn);
  answered(turn);
  follow(turn, true);
  return turn;
}

export function setState(turn, state) {
  turn.querySelector(".turn__state").textContent = words[`sending.${state}`];
  turn.querySelector(".turn__retry").hidden = !["failed", "again"].includes(state);
  turn.toggleAttribute("data-failed", ["failed", "again", "too_long"].includes(state));
}

// Three dots, a sentence after 8 seconds

let dots = null;
let timers = [];
export function waiting(on) {
  timers.forEach(clearTimeout);
  timers = [];
  if (!on) {
    dots?.remove();
    dots = null;
    return;
  }
  if (!dots) {
    dots = part("part-waiting");
    dots.dataset.waiting = "";
  }
  inner.append(dots);
  const say = (key) => {
    dots?.querySelector(".bubble").classList.add("bubble--said");
    const place = dots?.querySelector(".dots__words");
    if (place) place.textContent = words[key];
    if (following) toEnd();
  };
  timers = [setTimeout(say, 8000, "waiting.long"), setTimeout(say, 60000, "waiting.very_long")];
  if (following) toEnd();
}

export const focusNextRecord = () => { focusNext = true; };

export function startLog() {
  log.addEventListener("scroll", moved, { passive: true });
  document.addEventListener("scroll", moved, { passive: true });
  addEventListener("resize", () => { if (following) toEnd(); });
  newer.addEventListener("click", toEnd);
  const last = document.getElementById("latest");
  if (last) {
    last.id = `r${last.dataset.seq}`;
    follow(last, true);
  }
}
