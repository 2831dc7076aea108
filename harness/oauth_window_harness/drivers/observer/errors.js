// Clicks of the user, and uncaught errors.
const placeOf = (element) => {
  const path = [];
  const above = (node) => node.parentElement ?? node.getRootNode().host;
  for (let node = element; node && above(node); node = above(node)) {
    path.unshift(`${node.localName}:nth-child(${1 + [...(node.parentNode ?? above(node)).children].indexOf(node)})`);
  }
  return path.join(" > ");
};
apply(addEventListener, window, ["click", (event) => {
  if (event.isTrusted) tell("clicked", { place: placeOf(event.composedPath()[0]) });
}, true]);
const threw = (message, rejection) => tell("threw", { message: String(message), rejection, listening: listening > 0 });
apply(addEventListener, window, ["error", (event) => {
  if (event.error || event.message) threw(event.message, false);
}]);
apply(addEventListener, window, ["unhandledrejection", (event) => threw(event.reason, true)]);
