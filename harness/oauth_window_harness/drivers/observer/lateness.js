// What makes a control work later than it can be seen: a handler or an address in its markup, a name that was missing.
const handlers = [...clickTypes].map((type) => `on${type}`);
const working = [...handlers.map((name) => `[${name}]`), "a[href]"].join();
const forHandlers = { subtree: true, childList: true, attributeFilter: [...handlers, "href"] };
let pressed = null;
const isPressed = (element) => {
  if (element.contains(pressed.element)) return true;
  return pressed.text ? firstLine(element) === pressed.text : placeOf(element) === pressed.place;
};
const within = (node) => node.nodeType === Node.ELEMENT_NODE ? [node, ...node.querySelectorAll("*")] : [];
const marked = new MutationObserver((records) => {
  if (pressed === null) return;
  const found = records.flatMap(({ type, target, addedNodes }) => (
    type === "attributes" ? [target] : [...addedNodes].flatMap(within)
  ));
  if (found.some((element) => element.matches(working) && isPressed(element))) noteHandler();
  if (found.some((element) => element.localName === "script" && !element.src)) supplied();
});
marked.observe(document, forHandlers);
apply(addEventListener, window, ["click", (event) => {
  if (!event.isTrusted) return;
  const [inner] = event.composedPath();
  const element = inner.closest(usable) ?? inner;
  pressed = { element, text: firstLine(element), place: placeOf(element) };
  lacking = false;
}, true]);

// An error of a click whose handler calls what another script defines: the next click may do better.
const missing = /([\w$.]+) is (?:not defined|not a function|undefined)|variable: ([\w$]+)/;
let lacking = false;
const supplied = () => {
  if (lacking) tell("supplied", {});
  lacking = false;
};
const isThere = (path, callable) => {
  let value = window;
  for (const name of path) {
    if (value === null || value === undefined || !(name in Object(value))) return false;
    value = value[name];
  }
  return !callable || typeof value === "function";
};
const awaitName = (path, callable, last) => {
  if (!lacking || now() > last) return;
  if (isThere(path, callable)) supplied();
  else apply(nativeSetTimeout, window, [() => awaitName(path, callable, last), 100]);
};
const lack = (message) => {
  if (pressed === null) return;
  lacking = true;
  const found = String(message).match(missing);
  if (found !== null) awaitName((found[1] ?? found[2]).split("."), message.includes("function"), now() + setup.longest);
};
apply(addEventListener, window, ["error", ({ message }) => { if (message) lack(message); }]);
apply(addEventListener, window, ["unhandledrejection", ({ reason }) => lack(reason?.message ?? "")]);
// A script that has loaded may define what no property of the window shows.
apply(addEventListener, document, ["load", ({ target }) => { if (target?.localName === "script") supplied(); }, true]);
