// What every staff page does by itself: keys, drafts that outlive a session, the session's end, problems.
(function () {
  "use strict";
  var body = document.body;
  var find = function (id) { return document.getElementById(id); };

  // ---- preferences -----------------------------------------------------------------------------
  function recall(key) { try { return localStorage.getItem(key); } catch (error) { return null; } }
  function remember(key, value) { try { localStorage.setItem(key, value); } catch (error) { /* private mode */ } }

  function showTheme() {
    var theme = recall("theme") || "auto";
    document.querySelectorAll("[data-theme-choice]").forEach(function (one) {
      one.setAttribute("aria-pressed", String(one.dataset.themeChoice === theme));
    });
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
    else delete document.documentElement.dataset.theme;
  }
  document.addEventListener("click", function (event) {
    var choice = event.target.closest("[data-theme-choice]");
    if (!choice) return;
    remember("theme", choice.dataset.themeChoice);
    showTheme();
  });
  showTheme();

  // ---- keys ------------------------------------------------------------------------------------
  var dialog = find("keys"), first = "", firstAt = 0;
  var switches = document.querySelectorAll("[data-keys-switch]");

  function showKeys() {
    var on = recall("keys") !== "off";
    switches.forEach(function (one) { one.checked = on; });
    var list = document.querySelector(".keys__list"), off = document.querySelector(".keys__off");
    if (list) list.hidden = !on;
    if (off) off.hidden = on;
    return on;
  }
  function typing(element) {
    return element && (element.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName)
      && !/^(checkbox|radio|button|submit|reset|file)$/.test(element.type || ""));
  }
  function toggleHelp() { if (dialog.open) dialog.close(); else dialog.showModal(); }
  // A visible element that bears the keys, such as data-key="t" or data-key="g q".
  function bearer(keys) {
    var all = document.querySelectorAll("[data-key]");
    for (var i = 0; i < all.length; i += 1) {
      var one = all[i];
      if (one.dataset.key === keys && !one.disabled && one.getAttribute("aria-disabled") !== "true"
        && one.checkVisibility()) return one;
    }
    return null;
  }
  document.addEventListener("keydown", function (event) {
    if (event.isComposing) return;
    if (event.key === "Escape") {
      if (!document.querySelector("dialog[open]") && typing(document.activeElement)) document.activeElement.blur();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (event.key === "?" && (!document.querySelector("dialog[open]") || dialog.open)) {
      event.preventDefault();
      toggleHelp();
      return;
    }
    if (recall("keys") === "off" || document.querySelector("dialog[open]")) return;
    var key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    var pair = first && event.timeStamp - firstAt < 1500 ? first + " " + key : "";
    var one = (pair && bearer(pair)) || bearer(key);
    first = key; firstAt = event.timeStamp;
    if (!one) return;
    first = "";
    event.preventDefault();
    if (typing(one)) one.focus(); else one.click();
  });
  if (dialog) {
    find("keys-open").addEventListener("click", toggleHelp);
    switches.forEach(function (one) {
      one.addEventListener("change", function () { remember("keys", one.checked ? "on" : "off"); showKeys(); });
    });
    showKeys();
  }
  document.addEventListener("click", function (event) {
    var closes = event.target.closest("[data-close]");
    if (closes) closes.closest("dialog").close();
    var opens = event.target.closest("[data-opens]");
    if (opens) find(opens.dataset.opens).showModal();
  });

  // ---- what was typed and not sent ---------------------------------------------------------------
  // Kept in this tab alone, under the colleague's id and the page; never a password, a code or a file.
  var mine = "draft " + body.dataset.staff + " " + location.pathname + " ";
  var SKIPPED = /^(password|hidden|file|submit|button|checkbox|radio|search)$/;

  function place(field) {
    var form = field.form, name = field.name || field.id;
    if (!name || field.dataset.draft === "no" || SKIPPED.test(field.type)) return "";
    if (form && (form.method === "get" || form.dataset.draft === "no")) return "";
    return mine + (form ? form.getAttribute("action") || form.getAttribute("hx-post") || form.id : "") + " " + name;
  }
  function eachDraft(prefix, use) {
    try {
      Object.keys(sessionStorage).filter(function (key) { return key.startsWith(prefix); }).forEach(use);
    } catch (error) { /* storage is closed to us */ }
  }
  function drop(key) { try { sessionStorage.removeItem(key); } catch (error) { /* as above */ } }
  function fieldsOf(form) { return Array.prototype.slice.call(form.elements || []).map(place).filter(Boolean); }
  function restore(root) {
    var found = false;
    root.querySelectorAll("input, textarea").forEach(function (field) {
      var key = place(field), kept = null;
      try { kept = key ? sessionStorage.getItem(key) : null; } catch (error) { kept = null; }
      if (kept === null || field.value !== field.defaultValue || kept === field.defaultValue) return;
      field.value = kept;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      found = true;
    });
    return found;
  }
  // Another colleague at the same tab: what the one before typed is not theirs to see.
  eachDraft("draft ", function (key) { if (!key.startsWith("draft " + body.dataset.staff + " ")) drop(key); });
  // A form that was sent off and answered by a page (not by the sign-in, which has no such script).
  try {
    JSON.parse(sessionStorage.getItem("sent") || "[]").forEach(drop);
    sessionStorage.removeItem("sent");
    sessionStorage.removeItem("from");
  } catch (error) { /* nothing to forget */ }

  function keep(field) {
    var key = place(field);
    if (!key) return;
    try {
      if (field.value) sessionStorage.setItem(key, field.value); else sessionStorage.removeItem(key);
    } catch (error) { /* as above */ }
  }
  document.addEventListener("input", function (event) { keep(event.target); });
  // On a slow line somebody types before this script is here to hear it.
  document.querySelectorAll("input, textarea").forEach(function (field) { if (field.value !== field.defaultValue) keep(field); });
  document.addEventListener("submit", function (event) {
    if (event.defaultPrevented || event.target.hasAttribute("hx-post")) return;
    if (event.target.dataset.leaves !== undefined) { eachDraft("draft ", drop); return; }
    try {
      sessionStorage.setItem("sent", JSON.stringify(fieldsOf(event.target)));
      sessionStorage.setItem("from", location.pathname + location.search);
    } catch (error) { /* as above */ }
  });
  document.addEventListener("htmx:afterRequest", function (event) {
    var form = event.detail.elt.closest ? event.detail.elt.closest("form") : null;
    if (event.detail.successful && event.detail.requestConfig.verb !== "get" && form) fieldsOf(form).forEach(drop);
  });
  document.addEventListener("htmx:load", function (event) { if (event.detail.elt.querySelectorAll) restore(event.detail.elt); });
  if (restore(document) && find("restored")) find("restored").hidden = false;

  // ---- the session's end -------------------------------------------------------------------------
  var idle = Number(body.dataset.idle || 0) * 1000, ending = find("ending"), warnAt = 0, overAt = 0;
  var WARNING = Math.min(120000, idle / 4);

  function used() {
    clearTimeout(warnAt); clearTimeout(overAt);
    if (!idle) return;
    if (ending) ending.hidden = true;
    warnAt = setTimeout(function () { ask().then(function (stands) { if (stands && ending) ending.hidden = false; }); }, idle - WARNING);
    overAt = setTimeout(function () { ask().then(function (stands) { if (stands) used(); }); }, idle + 1000);
  }
  var leaving = false; // two questions answered at once are one way out: a second would break the first off
  window.addEventListener("pageshow", function () { leaving = false; });
  function toSignIn() {
    if (leaving) return;
    leaving = true;
    location.assign("/console/sign-in?next=" + encodeURIComponent(location.pathname + location.search));
  }
  // Another tab may have kept the session alive: the server knows.
  function ask() {
    return fetch("/console/session", { headers: { "X-Unattended": "1", Accept: "application/json" } })
      .then(function (answer) { if (answer.status === 401) toSignIn(); return answer.ok; }, function () { return true; });
  }
  var stay = find("stay");
  if (stay) stay.addEventListener("click", function () {
    fetch("/console/session", { headers: { Accept: "application/json" } }).then(function (answer) {
      if (answer.ok) used(); else if (answer.status === 401) toSignIn();
    });
  });
  // A refresh that no person asked for does not keep the session alive.
  document.addEventListener("htmx:configRequest", function (event) {
    var by = event.detail.triggeringEvent;
    if (!by || !by.isTrusted) event.detail.headers["X-Unattended"] = "1";
  });
  document.addEventListener("htmx:beforeRequest", function () { var told = find("problem"); if (told) told.replaceChildren(); });
  document.addEventListener("htmx:afterOnLoad", function (event) {
    if (event.detail.xhr.status < 400 && !event.detail.requestConfig.headers["X-Unattended"]) used();
  });
  used();
})();
