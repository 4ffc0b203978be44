// Outside the console's frame: what was sent but not taken in stays a draft (see console.js).
(function () {
  "use strict";
  try { sessionStorage.removeItem("sent"); } catch (error) { /* storage is closed to us */ }
})();
