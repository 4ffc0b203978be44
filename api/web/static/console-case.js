// The case: the layer of acts, writing and its checks, the transcript's end, the panes of a small screen.
(function () {
  "use strict";
  var body = document.body;
  var find = function (id) { return document.getElementById(id); };
  var page = find("case"), talk = find("talk"), box = find("words"), under = find("under");
  var form = find("composer"), send = find("send"), told = find("sent"), lint = find("lint");
  var say = {};
  find("send-words").content.querySelectorAll("[data-key]").forEach(function (one) { say[one.dataset.key] = one.textContent; });

  // The bars above and below wrap on small screens: the conversation fits between them.
  var root = document.documentElement;
  function measure() {
    [["--top", ".top"], ["--bottom", ".keys"]].forEach(function (bar) {
      var box = document.querySelector(bar[1]);
      root.style.setProperty(bar[0], (getComputedStyle(box).position === "sticky" ? box.offsetHeight : 0) + "px");
    });
  }
  measure();
  new ResizeObserver(measure).observe(document.querySelector(".top"));

  // ---- the conversation -------------------------------------------------------------------------
  var newer = find("newer"), following = true, end = 0;
  function atEnd() { return talk.scrollHeight - talk.scrollTop - talk.clientHeight < 48; }
  function toEnd() { talk.scrollTop = talk.scrollHeight; end = talk.scrollTop; following = true; newer.hidden = true; }
  talk.addEventListener("scroll", function () {
    following = atEnd();
    if (following) { end = talk.scrollTop; newer.hidden = true; }
  }, { passive: true });
  // A browser tells of scrolling only with its next picture, and what was said may come before that:
  // whoever has just left the end is not taken back to it.
  function follow() {
    if (talk.scrollTop < end - 48 && !atEnd()) following = false;
    if (following) toEnd();
  }
  newer.addEventListener("click", toEnd);
  toEnd();
  // Whatever makes the conversation smaller or larger, such as a longer reply below it: the end stays the end.
  new ResizeObserver(follow).observe(talk);
  new MutationObserver(function (changes) {
    var added = changes.some(function (one) { return Array.prototype.some.call(one.addedNodes, function (node) { return node.dataset && node.dataset.seq; }); });
    follow();
    if (added && !following) newer.hidden = false;
  }).observe(talk, { childList: true });

  // What is open stays open when its part is put in place anew.
  var opened = {};
  document.addEventListener("toggle", function (event) {
    if (event.target.tagName === "DETAILS" && event.target.id) opened[event.target.id] = event.target.open;
  }, true);
  document.addEventListener("htmx:afterSettle", function () {
    Object.keys(opened).forEach(function (id) { var one = find(id); if (one && one.open !== opened[id]) one.open = opened[id]; });
  });

  var parallel = find("parallel");
  parallel.addEventListener("click", function () {
    var on = parallel.getAttribute("aria-pressed") !== "true";
    parallel.setAttribute("aria-pressed", on);
    talk.toggleAttribute("data-parallel", on);
    follow();
  });

  document.addEventListener("click", function (event) {
    var pane = event.target.closest("[data-pane-of]");
    if (pane) show(pane.dataset.paneOf);
  });
  function show(name) {
    page.dataset.pane = name;
    document.querySelectorAll("[data-pane-of]").forEach(function (one) { one.setAttribute("aria-pressed", one.dataset.paneOf === name); });
    if (name === "talk" && following) toEnd();
  }

  // ---- writing ----------------------------------------------------------------------------------
  // The id of these very words: the same words sent again, whatever happened to the line, are said once.
  var ID = "message id " + body.dataset.staff + " " + location.pathname, idField = find("client-id");
  function keep(key, value) { try { if (value) sessionStorage.setItem(key, value); else sessionStorage.removeItem(key); } catch (error) { /* private mode */ } }
  function kept(key) { try { return sessionStorage.getItem(key); } catch (error) { return null; } }
  function fresh() { return (crypto.randomUUID ? crypto.randomUUID() : String(Date.now()) + Math.random()).replace(/[^\w-]/g, ""); }
  // Only words that were handed over keep their id; what is typed anew is another message.
  var handed = null;
  try { handed = JSON.parse(kept(ID) || "null"); } catch (error) { handed = null; }
  if (handed && handed.text === box.value) idField.value = handed.id; else idField.value = fresh();

  function places() {
    return Array.prototype.map.call(lint.querySelectorAll(".lint"), function (one) { return [Number(one.dataset.start), Number(one.dataset.end)]; });
  }
  // Places count characters, as the server does; a script counts halves of some of them.
  function underline() {
    var letters = Array.from(box.value), at = 0, parts = [];
    places().sort(function (a, b) { return a[0] - b[0]; }).forEach(function (place) {
      if (place[0] < at) return;
      parts.push(document.createTextNode(letters.slice(at, place[0]).join("")));
      var mark = document.createElement("mark");
      mark.textContent = letters.slice(place[0], place[1]).join("");
      parts.push(mark);
      at = place[1];
    });
    parts.push(document.createTextNode(letters.slice(at).join("") + "\n"));
    under.replaceChildren.apply(under, parts);
    under.scrollTop = box.scrollTop;
  }
  function may() {
    var state = find("composer-state");
    var blocked = lint.querySelector(".lint") !== null;
    send.setAttribute("aria-disabled", blocked || state.dataset.may !== "yes");
    if (blocked) box.setAttribute("aria-invalid", "true"); else box.removeAttribute("aria-invalid");
  }
  function put(words) {
    box.focus();
    box.select();
    // Through the browser's own editing, so that undo brings back what was there.
    if (!document.execCommand("insertText", false, words)) { box.value = words; changed(); }
  }
  function replaceFound(words) {
    var letters = Array.from(box.value), found = places().sort(function (a, b) { return b[0] - a[0]; });
    found.forEach(function (place, number) {
      letters.splice(place[0], place[1] - place[0], number === found.length - 1 ? words : "");
    });
    put(letters.join(""));
  }
  function changed() { box.dispatchEvent(new Event("input", { bubbles: true })); }
  box.addEventListener("input", function () {
    told.replaceChildren();
    lint.replaceChildren();
    if (idField.value && handed && handed.text !== box.value) { idField.value = fresh(); handed = null; keep(ID, ""); }
    underline();
    may();
  });
  box.addEventListener("scroll", function () { under.scrollTop = box.scrollTop; }, { passive: true });
  document.addEventListener("htmx:afterSettle", function () { underline(); may(); follow(); });

  document.addEventListener("click", function (event) {
    var suggestion = event.target.closest("[data-suggestion]"), kinder = event.target.closest("[data-kinder]");
    if (suggestion) put(suggestion.dataset.words);
    if (kinder) replaceFound(kinder.dataset.kinder);
  });
  document.addEventListener("keydown", function (event) {
    if (event.isComposing || document.querySelector("dialog[open]")) return;
    if (event.target === box && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit(send);
    }
    var digit = event.altKey && !event.ctrlKey && !event.metaKey && /^Digit[0-3]$/.test(event.code) ? event.code.slice(5) : "";
    if (!digit) return;
    var one = digit === "0" ? document.querySelector("[data-kinder]") : document.querySelector('[data-suggestion="' + digit + '"]');
    if (one) { event.preventDefault(); one.click(); }
  });

  form.addEventListener("htmx:beforeRequest", function (event) {
    if (event.target !== form) return;
    if (send.getAttribute("aria-disabled") === "true" || !box.value.trim()) {
      event.preventDefault();
      if (lint.querySelector(".lint")) told.textContent = say.blocked;
      box.focus();
      return;
    }
    handed = { id: idField.value, text: box.value };
    keep(ID, JSON.stringify(handed));
    told.textContent = say.sending;
  });
  function notSent(event) {
    if (event.target !== form || !handed) return;
    var again = document.createElement("p");
    again.className = "told told--amber";
    again.textContent = say.not_sent;
    told.replaceChildren(again);
  }
  form.addEventListener("htmx:sendError", notSent);
  form.addEventListener("htmx:timeout", notSent);
  // It is on record: the words go, and the next ones are another message.
  body.addEventListener("said", function (event) {
    var same = event.detail.same;
    if (handed && box.value === handed.text && same) box.value = "";
    idField.value = fresh();
    handed = null;
    keep(ID, "");
    if (box.value) { told.textContent = say.sent_before; } else { told.replaceChildren(); }
    lint.replaceChildren();
    changed();
    box.focus();
  });
  // The line is back: what was handed over and not confirmed is handed over again, under its own id.
  function again() { if (handed && handed.text === box.value && told.querySelector(".told")) form.requestSubmit(send); }
  addEventListener("online", again);
  document.addEventListener("htmx:sseOpen", function () { body.dataset.line = "live"; again(); });
  document.addEventListener("htmx:sseError", function () {
    body.dataset.line = "lost";
    fetch("/console/session", { headers: { "X-Unattended": "1", Accept: "application/json" } }).then(function (answer) {
      if (answer.status === 401) location.assign("/console/sign-in?next=" + encodeURIComponent(location.pathname));
    }, function () { /* the server is away: the stream tries again by itself */ });
  });
  underline();
  may();
  if (box.value) htmx.trigger(box, "check");

  // ---- the layer of acts ------------------------------------------------------------------------
  var sheet = find("sheet"), inside = find("sheet-body"), wrong = find("sheet-problem"), opener = null;
  document.addEventListener("htmx:beforeRequest", function () { wrong.replaceChildren(); });
  document.addEventListener("click", function (event) {
    var link = event.target.closest("a[data-act]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    opener = link.id;
    htmx.ajax("GET", link.getAttribute("href"), { target: inside, swap: "innerHTML", source: inside, values: { seen: find("last-seen").value } });
  });
  document.addEventListener("htmx:afterSwap", function (event) {
    if (event.detail.target === inside && inside.childElementCount) {
      var fresh = !sheet.open;
      if (fresh) sheet.showModal();
      var first = inside.querySelector("[aria-invalid], #tried h3")
        || (fresh && inside.querySelector("form :is(input:not([type=hidden]), textarea, select, button.button--primary)"));
      if (first) first.focus();
    }
    // A refusal would stand behind the layer.
    if (event.detail.target === find("problem") && sheet.open) wrong.replaceChildren.apply(wrong, Array.from(find("problem").childNodes));
  });
  body.addEventListener("acted", function () { inside.replaceChildren(); sheet.close(); });
  sheet.addEventListener("close", function () {
    inside.replaceChildren();
    wrong.replaceChildren();
    var back = opener && find(opener);
    if (back) back.focus();
  });
  document.addEventListener("click", function (event) {
    if (event.target === sheet) sheet.close();
  });
  // On a small screen an act may stand in a pane that is not shown: its key opens it all the same.
  document.addEventListener("keydown", function (event) {
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey || event.key.length !== 1) return;
    if (/^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) || document.querySelector("dialog[open]")) return;
    try { if (localStorage.getItem("keys") === "off") return; } catch (error) { /* keys are on */ }
    var act = Array.prototype.find.call(document.querySelectorAll("[data-act][data-key]"), function (one) { return one.dataset.key === event.key.toLowerCase(); });
    if (act && !act.checkVisibility()) { event.preventDefault(); act.click(); }
  });
  // A link that acts as a button is pressed with the space bar too.
  document.addEventListener("keydown", function (event) {
    if (event.key === " " && event.target.getAttribute && event.target.getAttribute("role") === "button" && event.target.tagName === "A") {
      event.preventDefault();
      event.target.click();
    }
  });
  // The queue leads here with an act to begin with.
  var first = /^#act-[a-z-]+$/.test(location.hash) && document.querySelector(location.hash);
  if (first) {
    history.replaceState(null, "", location.pathname);
    first.click();
  }
})();
