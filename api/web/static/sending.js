// Sending: each message has an id of its own, and every repetition carries the same one, so that
// nothing is lost and nothing is said twice. Codes are never shown and never kept.
import {
  addPending, focusNextRecord, hasClient, setState, showHelpLines, unfold, waiting,
} from "./log.js";

const body = document.body;
const box = document.getElementById("message");
const MASKED = "••••";
const OUTBOX = `outbox:${body.dataset.conversation}`;
const DRAFT = `draft:${body.dataset.conversation}`;
const MOST_TRIES = 20;
const LONGEST_WAIT = 120; // seconds; whoever asks for more is tried sooner, or by the button
const outgoing = new Map();
let onEnded = () => {};

const kept = {
  get(key) { try { return sessionStorage.getItem(key); } catch { return null; } },
  set(key, value) {
    try { value ? sessionStorage.setItem(key, value) : sessionStorage.removeItem(key); } catch { /* private mode */ }
  },
};
const newId = () => globalThis.crypto?.randomUUID?.()
  || `${Date.now().toString(16)}-${Math.random().toString(16).slice(2)}-${Math.random().toString(16).slice(2)}`;

// What is typed into the composer while a code is asked for may be that code.
const asksSecret = () => document.querySelector(
  ".card-holder:not([data-past]) .entry[data-secret]",
);
const looksSecret = (text) => Boolean(asksSecret()) && /^[\d０-９\s]{3,}[\d０-９xXｘＸ]\s*$/.test(text);

// `named`: with a signing code, the box beside it was ticked.
export function send(text, { secret = false, card = null, named = false } = {}) {
  const said = text.trim();
  if (!said) return;
  const hide = secret || looksSecret(said);
  const id = newId();
  const message = { id, text: said, secret: hide, card, named, turn: addPending(id, hide ? MASKED : said) };
  outgoing.set(id, message);
  keep();
  post(message);
}

async function post(message) {
  if (message.busy) return;
  clearTimeout(message.later);
  message.busy = true;
  setState(message.turn, "pending");
  if (body.dataset.floor !== "collector") waiting(true);
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), 30000);
  try {
    const answer = await fetch(body.dataset.send, {
      method: "POST",
      credentials: "same-origin",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify({
        text: message.text, client_message_id: message.id, ...(message.named && { name_confirmed: true }),
      }),
      signal: patience.signal,
    });
    if (answer.ok) received(message, answer.status === 202);
    else if (answer.status === 413) tooLong(message);
    else if (answer.status === 401 || answer.status === 403) { failed(message); onEnded(); }
    else await refused(message, answer);
  } catch {
    failed(message);
  } finally {
    clearTimeout(timer);
    message.busy = false;
  }
}

// 200: the replies are on the stream already, or none is coming. 202: they are still being worked on.
function received(message, later) {
  if (message.turn.isConnected) setState(message.turn, "received");
  arrived(message.id);
  if (!later) waiting(false);
}

// The server said when to come again, and, to somebody in distress, whom to call meanwhile.
async function refused(message, answer) {
  const seconds = secondsUntil(answer.headers.get("Retry-After"));
  const problem = await answer.json().catch(() => ({}));
  message.tries = (message.tries || 0) + 1;
  const again = seconds !== null && message.tries < MOST_TRIES;
  failed(message, again ? "again" : "failed");
  if (again) message.later = setTimeout(post, seconds * 1000, message);
  if (problem.crisis) showHelpLines(problem.crisis, message.turn);
}

// Retry-After is a number of seconds or a date (RFC 9110, 10.2.3); null where it is neither.
function secondsUntil(value) {
  if (!value) return null;
  const date = /^[A-Za-z]{3,9},? .*\d\d:\d\d:\d\d/.test(value) ? Date.parse(value) : NaN;
  const seconds = /^\d+$/.test(value.trim()) ? Number(value) : (date - Date.now()) / 1000;
  return Number.isNaN(seconds) ? null : Math.min(Math.max(seconds, 1), LONGEST_WAIT);
}

function failed(message, state = "failed") {
  if (!message.turn.isConnected) { arrived(message.id); return; }
  setState(message.turn, state);
  waiting(false);
  if (message.card) unfold(message.card);
}

// Sending it again would fail again: the words go back to where they can be cut.
function tooLong(message) {
  outgoing.delete(message.id);
  keep();
  setState(message.turn, "too_long");
  waiting(false);
  if (!box.value) box.value = message.text;
  kept.set(DRAFT, box.value);
  fit();
}

// The server's own record of a message came on the stream, perhaps before the answer to the post.
export function arrived(id) {
  const message = outgoing.get(id);
  if (!message) return;
  clearTimeout(message.later);
  message.text = "";
  outgoing.delete(id);
  keep();
}

function keep() {
  const open = [...outgoing.values()].filter((m) => !m.secret).map(({ id, text }) => ({ id, text }));
  kept.set(OUTBOX, open.length ? JSON.stringify(open) : "");
}

export const idle = () => outgoing.size === 0;

export function resendAll() {
  for (const message of outgoing.values()) if (!message.secret) post(message);
}

export function leaveNothing() {
  try { sessionStorage.clear(); } catch { /* nothing was kept */ }
}

function fit() {
  if (CSS.supports("field-sizing", "content")) return;
  box.style.height = "auto";
  box.style.height = `${Math.min(box.scrollHeight + 2, 144)}px`;
}

export function startSending({ ended }) {
  onEnded = ended;
  box.required = false;

  for (const { id, text } of JSON.parse(kept.get(OUTBOX) || "[]")) {
    if (hasClient(id)) continue;
    outgoing.set(id, { id, text, secret: false, turn: addPending(id, text) });
  }
  keep();
  resendAll();

  box.value = kept.get(DRAFT) || box.value;
  fit();
  box.addEventListener("input", () => {
    fit();
    kept.set(DRAFT, asksSecret() && /\d/.test(box.value) ? "" : box.value);
  });
  box.addEventListener("keydown", (event) => {
    // 229: Safari ends a composition before it reports the key that ended it.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    box.form.requestSubmit();
  });
  box.form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!box.value.trim()) return;
    send(box.value);
    box.value = "";
    kept.set(DRAFT, "");
    fit();
    box.focus();
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.matches("[data-say]")) {
      event.preventDefault();
      focusNextRecord();
      send(event.submitter?.value || "");
    } else if (form.matches("[data-leave]")) leaveNothing();
  });
  document.addEventListener("click", (event) => {
    const retry = event.target.closest(".turn__retry");
    const message = retry && outgoing.get(retry.closest(".turn").dataset.clientId);
    if (message) { box.focus({ preventScroll: true }); post(message); }
  });
}
