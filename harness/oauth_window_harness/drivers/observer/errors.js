// Clicks of the user, uncaught errors, scripts that did not load, and what the page's own policy blocked.
const placeOf = (element) => {
  const path = [];
  const above = (node) => node.parentElement ?? node.getRootNode().host;
  for (let node = element; node && above(node); node = above(node)) {
    path.unshift(`${node.localName}:nth-child(${1 + [...(node.parentNode ?? above(node)).children].indexOf(node)})`);
  }
  return path.join(" > ");
};
apply(addEventListener, window, ["click", (event) => {
  if (!event.isTrusted) return;
  tell("clicked", { place: placeOf(event.composedPath()[0]) });
  noteReplaced();
}, true]);
const threw = (message, rejection, stack) => {
  if (isSpared(`threw ${rejection} ${listening > 0}`)) return;
  tell("threw", { message: String(message), rejection, listening: listening > 0, stack });
};
apply(addEventListener, window, ["error", (event) => {
  if (!event.error && !event.message) return;
  threw(event.message, false, stackOfError(event.error) || `  at ${event.filename}:${event.lineno}:${event.colno}`);
}]);
apply(addEventListener, window, ["unhandledrejection", (event) => threw(event.reason, true, stackOfError(event.reason))]);
// An element's error event does not bubble.
apply(addEventListener, window, ["error", ({ target }) => {
  if (target?.localName !== "script") return;
  tell("unloaded", { url: target.src, module: target.type === "module", awaited: !target.async });
}, true]);
apply(addEventListener, window, ["securitypolicyviolation", (event) => {
  if (event.disposition === "enforce" && !isSpared("violated")) tell("violated", { directive: event.effectiveDirective, blocked: event.blockedURI });
}]);
// The browser sends each line of the console to the driver; of a page that writes without end it sends the first of
// each second.
const lines = ["assert", "debug", "dir", "dirxml", "error", "group", "groupCollapsed", "info", "log", "table", "trace", "warn"];
for (const name of lines) {
  replace(window.console, name, (native, self, given) => {
    if (!isSpared("line", 10 * setup.most)) apply(native, self, given);
  });
}
