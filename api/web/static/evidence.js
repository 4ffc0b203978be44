// Sends evidence with its progress shown. Without this script the form posts by itself.
(function () {
  "use strict";
  var page = document.querySelector(".evidence");

  function tell(form, words) {
    var alert = form.querySelector("[role=alert]");
    alert.querySelector("span").textContent = words;
    alert.hidden = !words;
    form.querySelector("input[type=file]").setAttribute("aria-invalid", words ? "true" : "false");
    if (words) form.querySelector("input[type=file]").focus();
  }
  function waiting(form, on) {
    form.querySelector(".evidence__progress").hidden = !on;
    form.querySelector("button").setAttribute("aria-disabled", on ? "true" : "false");
  }
  function show(html) {
    var found = new DOMParser().parseFromString(html, "text/html").querySelector("main");
    if (!found) { location.reload(); return; }
    document.querySelector("main").replaceWith(found);
    page = document.querySelector(".evidence");
    listen();
    var alert = page && page.querySelector("[role=alert]:not([hidden])");
    if (alert) alert.scrollIntoView({ block: "center" });
  }
  function send(form) {
    var call = new XMLHttpRequest(), bar = form.querySelector("progress");
    call.upload.addEventListener("progress", function (event) {
      if (event.lengthComputable) bar.value = Math.round(100 * event.loaded / event.total);
    });
    call.addEventListener("load", function () { waiting(form, false); show(call.responseText); });
    call.addEventListener("error", function () { waiting(form, false); tell(form, page.dataset.lost); });
    call.open("POST", form.getAttribute("action"));
    call.setRequestHeader("Accept", "text/html");
    waiting(form, true);
    tell(form, "");
    call.send(new FormData(form));
  }
  function listen() {
    document.querySelectorAll(".evidence__send").forEach(function (form) {
      form.addEventListener("submit", function (event) {
        var file = form.querySelector("input[type=file]").files[0];
        event.preventDefault();
        if (!file || form.querySelector("button").getAttribute("aria-disabled") === "true") return;
        if (file.size > Number(page.dataset.largest)) { tell(form, page.dataset.tooLarge); return; }
        send(form);
      });
    });
  }
  if (page) listen();
})();
