// The text that the user can read.
const watching = { subtree: true, childList: true, characterData: true, attributes: true };
const roots = new Set();
const frames = new WeakSet();
const channel = new MessageChannel();
let shown = null;
let since = 0;
let busy = false;
let waiting = false;
// The run of a timer in which the text changed last: a framework draws a little later than it is told to.
let inRun = null;
const drawn = 50;
const { then } = Promise.prototype;
// Text that nobody sees does not count: transparent, outside the page, or clipped for screen readers.
const byUser = { opacityProperty: true, visibilityProperty: true };
const { getComputedStyle, NodeFilter: { SHOW_TEXT } } = window;
// Text in an element that scrolls can be scrolled into view.
const scrolls = (element) => element !== null && element !== document.body
  && (/auto|scroll/.test(getComputedStyle(element).overflow) || scrolls(element.parentElement));
const visible = (element) => {
  if (!element.checkVisibility(byUser)) return false;
  const { width, height, left, top, right, bottom } = element.getBoundingClientRect();
  const { scrollX, scrollY, innerWidth, innerHeight } = window;
  const { scrollWidth, scrollHeight } = document.documentElement;
  const within = right + scrollX > 0 && bottom + scrollY > 0
    && left < Math.max(innerWidth, scrollWidth - scrollX) && top < Math.max(innerHeight, scrollHeight - scrollY);
  return width > 1 && height > 1 && (within || scrolls(element));
};
const textOf = (root) => {
  const lines = [];
  const walker = document.createTreeWalker(root, SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const text = node.data.trim();
    let parent = text ? node.parentElement : null;
    while (parent !== null && getComputedStyle(parent).display === "contents") parent = parent.parentElement;
    const boxed = parent === null || (!parent.closest("select, textarea") && visible(parent));
    if (text && boxed) lines.push(text);
  }
  return lines.join("\n");
};
const secret = "[type=hidden], [type=password], [type=checkbox], [type=radio], [type=file]";
const valueOf = (field) => field.matches("select") ? [...field.selectedOptions].map((one) => one.text).join(" ") : field.value;
const valuesOf = (root) => [...root.querySelectorAll("input, textarea, select")]
  .filter((field) => !field.matches(secret) && visible(field)).map(valueOf);
// To the user, the text of a frame is part of the page. The document that holds a frame reads it, if it may.
const readHere = !inFrame || window.frameElement === null;
const watch = (root) => {
  if (frames.has(root)) return;
  frames.add(root);
  new MutationObserver(mutated).observe(root, watching);
};
// A declarative shadow root is attached by the parser, without a call. A closed one cannot be reached.
const { get: nativeShadowRoot } = descriptor(Element.prototype, "shadowRoot");
const shadowsOf = (root) => [...root.querySelectorAll("*")].flatMap((element) => {
  const shadow = apply(nativeShadowRoot, element, []);
  return shadow === null ? [] : [shadow, ...shadowsOf(shadow)];
});
const include = (root) => {
  if (roots.has(root)) return;
  roots.add(root);
  new MutationObserver(mutated).observe(root, watching);
  marked.observe(root, forHandlers);
};
const framed = (frame) => {
  const inside = frame.contentDocument;
  if (inside === null || !frame.checkVisibility()) return "";
  watch(inside);
  const shadows = shadowsOf(inside);
  shadows.forEach(watch);
  return [
    inside.body?.innerText ?? "", ...valuesOf(inside),
    ...shadows.flatMap((root) => [textOf(root), ...valuesOf(root)]), ...[...inside.querySelectorAll("iframe")].map(framed),
  ].filter(Boolean).join("\n");
};
const read = () => [
  document.body ? textOf(document.body) : "", ...valuesOf(document), ...generatedTexts(document),
  ...[...document.querySelectorAll("iframe")].map(framed),
  ...[...roots].flatMap((root) => [textOf(root), ...valuesOf(root), ...generatedTexts(root)]),
].filter(Boolean).join("\n").trim();
channel.port1.onmessage = () => {
  waiting = false;
  for (const root of [document, ...roots]) shadowsOf(root).forEach(include);
  const text = read();
  tellControls();
  // The text has been visible since the last change, even if a busy machine reads it much later.
  const delivery = text === shown ? tell("changed", {}) : tell("text", { text, timer: inRun }, since);
  shown = text;
  // The next reading waits until this report has arrived, so that a page that changes all the time is not slowed down.
  apply(then, delivery, [() => {
    busy = false;
    if (waiting) changed();
  }]);
};
const changed = () => {
  waiting = true;
  since = at();
  inRun = ran !== null && (ran === running || now() - ran.ended < drawn) ? { since: ran.since, count: ran.count } : null;
  if (busy || !readHere) return;
  busy = true;
  channel.port2.postMessage(null);
};
const mutated = (records) => {
  touch(records);
  changed();
};
new MutationObserver(mutated).observe(document, watching);
// A script that sets a field's value causes no mutation.
for (const { prototype } of [window.HTMLInputElement, window.HTMLTextAreaElement]) {
  const value = descriptor(prototype, "value");
  defineProperty(prototype, "value", {
    ...value,
    set: conceal({
      set(given) {
        apply(value.set, this, [given]);
        changed();
      },
    }.set, value.set),
  });
}
// Popovers, fading toasts and fonts change what is visible without a mutation.
for (const type of ["DOMContentLoaded", "load", "toggle", "transitionend", "animationend"]) {
  apply(addEventListener, document, [type, changed, true]);
}
const nativeAttach = Element.prototype.attachShadow;
Element.prototype.attachShadow = conceal({
  attachShadow(_init) {
    const root = apply(nativeAttach, this, arguments);
    include(root);
    return root;
  },
}.attachShadow, nativeAttach);
