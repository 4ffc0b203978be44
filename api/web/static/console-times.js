// Waiting and promised times go on by themselves; api/console/moments.py writes the same words first.
(function () {
  "use strict";
  var MINUTE = 60000, DAY = 86400000, SHANGHAI = 8 * 3600000;
  var shown = document.querySelector(".top__now time"), words = document.getElementById("time-words");
  if (!shown || !words) return;
  // The server's clock counts, not this machine's.
  var ahead = Date.parse(shown.dateTime) - Date.now();
  var say = {};
  words.content.querySelectorAll("[data-key]").forEach(function (one) { say[one.dataset.key] = one.textContent; });

  function now() { return Date.now() + ahead; }
  function fill(key, values) {
    return say[key].replace(/\{(\w+)\}/g, function (all, name) { return values[name]; });
  }
  function day(at) { return Math.floor((at + SHANGHAI) / DAY); }
  function clock(at) { return new Date(at + SHANGHAI).toISOString().slice(11, 16); }
  function since(at) {
    var minutes = Math.max(0, Math.floor((now() - at) / MINUTE));
    if (minutes < 1) return fill("since_now", {});
    if (minutes < 60) return fill("since_minutes", { n: minutes });
    if (minutes >= 1440) return fill("since_days", { n: Math.floor(minutes / 1440) });
    return fill(minutes % 60 ? "since_hours_minutes" : "since_hours", { n: Math.floor(minutes / 60), m: minutes % 60 });
  }
  function due(at) {
    var left = at - now();
    if (left <= 0 && left > -MINUTE) return ["late", say.due_now];
    if (left <= 0) return ["late", fill("due_past", { since: since(at) })];
    if (left < 60 * MINUTE) return ["soon", fill("due_minutes", { n: Math.max(1, Math.floor(left / MINUTE)) })];
    var days = day(at) - day(now());
    if (days === 0) return ["later", fill("due_today", { time: clock(at) })];
    if (days === 1) return ["later", fill("due_tomorrow", { time: clock(at) })];
    return ["later", ""]; // a day further ahead stays as it was written
  }
  function put(element, text) { if (text && element.textContent !== text) element.textContent = text; }
  function count(root) {
    root.querySelectorAll("time[data-since]").forEach(function (one) { put(one, since(Date.parse(one.dateTime))); });
    root.querySelectorAll("time[data-promised]").forEach(function (one) {
      var found = due(Date.parse(one.dateTime));
      one.dataset.promised = found[0];
      put(one, found[1]);
    });
    put(shown, clock(now()));
  }
  count(document);
  setInterval(count, 10000, document);
  document.addEventListener("htmx:load", function (event) { if (event.detail.elt.querySelectorAll) count(event.detail.elt); });
})();
