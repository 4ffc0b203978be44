// Approvals: J K move from one to the next; the title counts; whether the line to the server stands.
(function () {
  "use strict";
  var body = document.body, list = document.getElementById("approvals");
  function all() { return Array.prototype.slice.call(list.querySelectorAll(".approval")); }
  function settle() {
    var n = all().length;
    document.title = n ? list.dataset.title.replace("{n}", n) : list.dataset.titleNone;
  }
  document.addEventListener("keydown", function (event) {
    var on = true;
    try { on = localStorage.getItem("keys") !== "off"; } catch (error) { on = true; }
    if (!on || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (/^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) || document.querySelector("dialog[open]")) return;
    var by = { j: 1, k: -1 }[event.key.toLowerCase()];
    if (!by) return;
    event.preventDefault();
    var found = all(), at = found.indexOf(document.activeElement.closest(".approval"));
    var next = found[at < 0 ? (by > 0 ? 0 : found.length - 1) : Math.min(Math.max(at + by, 0), found.length - 1)];
    if (next) next.focus();
  });
  document.addEventListener("htmx:sseMessage", settle);
  document.addEventListener("htmx:afterSettle", settle);
  document.addEventListener("htmx:sseOpen", function () { body.dataset.line = "live"; });
  document.addEventListener("htmx:sseError", function () {
    body.dataset.line = "lost";
    fetch("/console/session", { headers: { "X-Unattended": "1", Accept: "application/json" } }).then(function (answer) {
      if (answer.status === 401) location.assign("/console/sign-in?next=/console/approvals");
    }, function () { /* the server is away: the stream tries again by itself */ });
  });
})();
