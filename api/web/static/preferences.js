// Runs before the first paint, so that colours, type size and covered figures never flash.
(function () {
  "use strict";
  var root = document.documentElement;
  root.classList.remove("no-script");
  function remembered(store, key) {
    try { return window[store].getItem(key); } catch (error) { return null; }
  }
  var theme = remembered("localStorage", "theme");
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  var type = remembered("localStorage", "type");
  if (type === "125" || type === "150") root.dataset.type = type;
  if (remembered("sessionStorage", "amounts") === "hidden") root.dataset.amounts = "hidden";
})();
