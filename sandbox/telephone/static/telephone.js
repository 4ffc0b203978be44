// Keeps the screen up to date and sends without leaving the page. Without scripts the form posts
// as any form does, and reloading the page shows what has arrived.
"use strict";

const live = document.querySelector("[data-live]");
const offline = document.querySelector("[data-offline]");
const EVERY_MS = 1000;
let shown = "";

function log() {
  return live.querySelector(".log");
}

function toBottom() {
  const element = log();
  if (element) element.scrollTop = element.scrollHeight;
}

async function refresh() {
  try {
    const answer = await fetch(live.dataset.live, { cache: "no-store" });
    if (!answer.ok) throw new Error(String(answer.status));
    const html = await answer.text();
    offline.hidden = true;
    if (html === shown) return;
    const before = log();
    const following = before && before.scrollHeight - before.scrollTop - before.clientHeight < 60;
    const from = before ? before.scrollTop : 0;
    const first = shown === "";
    shown = html;
    if (!first || !before) show(html, before);
    if (following || first) toBottom();
    else if (log()) log().scrollTop = from;
  } catch {
    offline.hidden = false;
  }
}

// The log itself stays in place, so that a screen reader is told of what is new in it only.
function show(html, before) {
  if (!before) {
    live.innerHTML = html;
    return;
  }
  const fresh = document.createElement("template");
  fresh.innerHTML = html;
  live.querySelector(".sender").replaceWith(fresh.content.querySelector(".sender"));
  const wanted = [...fresh.content.querySelector(".log").children];
  const held = [...before.children];
  wanted.forEach((element, index) => {
    if (!held[index]) before.append(element);
    else if (!held[index].isEqualNode(element)) held[index].replaceWith(element);
  });
  held.slice(wanted.length).forEach((element) => element.remove());
}

const composer = document.querySelector("[data-composer]");
if (composer) {
  const input = composer.elements.body;
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.isComposing) event.preventDefault();
  });
  composer.addEventListener("submit", async (event) => {
    event.preventDefault();
    const form = new FormData(composer);
    const words = input.value;
    input.value = "";
    try {
      const sending = fetch(composer.action, {
        method: "POST",
        body: new URLSearchParams(form),
        redirect: "manual",
      });
      setTimeout(refresh, 150);
      await sending;
      await refresh();
      const later = document.querySelector("[data-later]");
      const newest = [...document.querySelectorAll(".note.right")].pop();
      if (newest) later.hidden = !newest.classList.contains("later");
      toBottom();
    } catch {
      input.value = words;
      offline.hidden = false;
    }
    input.focus();
  });
}

const clock = document.querySelector("[data-clock]");
const CLOCK_EVERY_MS = 10000;
if (clock) {
  setInterval(async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch(clock.dataset.clock, { cache: "no-store" });
      if (answer.ok) clock.textContent = await answer.text();
    } catch {
      // the screen says already that the telephone cannot be reached
    }
  }, CLOCK_EVERY_MS);
}

if (live) {
  toBottom();
  refresh();
  setInterval(() => {
    if (!document.hidden) refresh();
  }, EVERY_MS);
}
