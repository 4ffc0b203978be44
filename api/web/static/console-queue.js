// The queue: which case is chosen, its preview, the keys J K, and whether the line to the server stands.
(function () {
  "use strict";
  var body = document.body, preview = document.getElementById("preview");
  var chosen = "", asking = 0;

  function rows() { return Array.prototype.slice.call(document.querySelectorAll("#rows tr[data-case]")); }
  function rowOf(id) { return id ? document.getElementById("case-" + id) : null; }
  function keysOn() { try { return localStorage.getItem("keys") !== "off"; } catch (error) { return true; } }

  function mark() {
    rows().forEach(function (row) {
      if (row.dataset.case === chosen) row.dataset.chosen = ""; else delete row.dataset.chosen;
    });
  }
  // Whoever runs down the list opens nobody's case on the way: the preview waits until they stay.
  function choose(row, wait) {
    if (!row) return;
    chosen = row.dataset.case;
    mark();
    clearTimeout(asking);
    asking = setTimeout(function () {
      htmx.ajax("GET", "/console/queue/" + chosen, { target: "#preview", swap: "innerHTML", source: preview });
    }, wait);
  }
  function step(by) {
    var all = rows(), at = all.indexOf(rowOf(chosen));
    var next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + by, 0), all.length - 1)];
    if (!next) return;
    document.getElementById("open-" + next.dataset.case).focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
    choose(next, 350);
  }

  document.addEventListener("keydown", function (event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || !keysOn()) return;
    if (/^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) || document.querySelector("dialog[open]")) return;
    var key = event.key.toLowerCase();
    if (key !== "j" && key !== "k") return;
    event.preventDefault();
    step(key === "j" ? 1 : -1);
  });
  document.addEventListener("click", function (event) {
    var row = event.target.closest("#rows tr[data-case]");
    if (!row || event.target.closest("a, button")) return;
    document.getElementById("open-" + row.dataset.case).focus({ preventScroll: true });
    choose(row, 0);
  });

  // What the stream brought: the choice stays where it was, the title counts.
  function settle() {
    var counts = document.getElementById("counts");
    if (counts) document.title = counts.dataset.title;
    mark();
  }
  document.addEventListener("htmx:sseMessage", settle);
  document.addEventListener("htmx:afterSettle", settle);
  document.addEventListener("htmx:sseOpen", function () { body.dataset.line = "live"; });
  // The session may be over: the sign-in leads back here.
  document.addEventListener("htmx:sseError", function () {
    body.dataset.line = "lost";
    fetch("/console/session", { headers: { "X-Unattended": "1", Accept: "application/json" } }).then(function (answer) {
      if (answer.status === 401) location.assign("/console/sign-in?next=" + encodeURIComponent(location.pathname + location.search));
    }, function () { /* the server is away: the stream tries again by itself */ });
  });
})();
