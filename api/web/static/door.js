// Outside the console's frame: what was sent but not taken in stays a draft (see console.js), and whoever
// signs in again comes back to the page they were on.
(function () {
  "use strict";
  var from = null;
  try {
    sessionStorage.removeItem("sent");
    from = sessionStorage.getItem("from");
  } catch (error) { /* storage is closed to us */ }
  if (!from) return;
  document.querySelectorAll('input[name="next"]').forEach(function (field) {
    if (!field.value) field.value = from;
  });
})();
