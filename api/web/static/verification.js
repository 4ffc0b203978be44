// A document can be dropped on the form, and its fingerprint copied. Without this script both are done by hand.
(function () {
  "use strict";
  var page = document.querySelector(".verification");
  var form = page.querySelector("[data-drop]"), input = form.querySelector("input[type=file]");
  var alert = form.querySelector("[role=alert]");

  function fits() {
    var file = input.files[0];
    var words = file && file.size > Number(page.dataset.largest) ? page.dataset.tooLarge : "";
    alert.querySelector("span").textContent = words;
    alert.hidden = !words;
    input.setAttribute("aria-invalid", words ? "true" : "false");
    return Boolean(file) && !words;
  }
  function over(on) { form.classList.toggle("drop--over", on); }

  input.addEventListener("change", fits);
  form.addEventListener("submit", function (event) {
    if (!fits()) { event.preventDefault(); input.focus(); }
  });
  ["dragenter", "dragover"].forEach(function (name) {
    page.addEventListener(name, function (event) { event.preventDefault(); over(true); });
  });
  page.addEventListener("dragleave", function (event) {
    if (!page.contains(event.relatedTarget)) over(false);
  });
  page.addEventListener("drop", function (event) {
    event.preventDefault();
    over(false);
    if (!event.dataTransfer || !event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    if (fits()) form.requestSubmit();
  });

  var copy = page.querySelector("[data-copy]");
  if (copy && navigator.clipboard) {
    copy.addEventListener("click", function () {
      var said = page.querySelector("[data-copied]");
      navigator.clipboard.writeText(page.querySelector("[data-digest]").dataset.digest)
        .then(function () { said.textContent = said.dataset.words; });
    });
  } else if (copy) { copy.hidden = true; }
})();
