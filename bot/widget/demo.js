/* A site whose scripts changed what others rely on. */
(() => {
  const refuse = () => {
    throw new Error("replaced by the page");
  };
  window.fetch = window.XMLHttpRequest = refuse;
  window.JSON = { parse: refuse, stringify: refuse };
  window.Promise.prototype.finally = refuse;
  Array.prototype.forEach = Array.prototype.find = Array.prototype.includes = refuse;
  Object.prototype.extra = "enumerable";
  Element.prototype.attachInternals = refuse;
  window.open = window.alert = refuse;
  window.name = "footnote-chat";
})();
