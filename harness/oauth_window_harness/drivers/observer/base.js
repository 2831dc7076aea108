// Runs before a page's own scripts, in every window. `drivers.observer.script` joins the files of this folder into one
// function of `setup`. They only observe: a page behaves as it does without them. The built-ins that they use are saved
// here first, because a page may replace them.
const report = window.__oauthWindow;
delete window.__oauthWindow;
// Playwright needs its own two globals; they are hidden from a page that lists the enumerable ones.
for (const name of Object.keys(window)) {
  if (name.startsWith("__playwright")) Object.defineProperty(window, name, { enumerable: false });
}
if (typeof report !== "function") return;
// A frame of the page under test is a part of it; one in a popup, an intruder's, or one that did not load is none.
const inFrame = window !== window.top;
if (inFrame && (window.top.opener !== null || location.protocol === "chrome-error:")) return;
if (inFrame && location.href.includes(setup.intruder)) return;

const { apply, construct, get: getProperty, set: setProperty } = Reflect;
const { performance, Map, WeakMap, Set, WeakSet, Proxy, String, Number, Math, Promise } = window;
const { MutationObserver, MessageChannel } = window;
const { defineProperty, getOwnPropertyDescriptor: descriptor, getPrototypeOf, keys } = Object;
const now = performance.now.bind(performance);
// Moments tell what came first, and some engines' clocks stand still for a millisecond: no two moments are the same.
let moment = 0;
const at = () => {
  moment = Math.max(moment + 0.001, performance.timeOrigin + now() - setup.skew);
  return moment;
};
const { stringify } = JSON;
// Reports are JSON text, which keeps the order of keys; a value that JSON cannot represent is reported as a string.
const tell = (kind, fields, since = at()) => report(stringify({ kind, at: since, ...fields }));
// Whether a report of this kind is to be sent: of like ones the first few in each second, as a page that floods itself
// would flood the driver. What is alike says the caller: nothing of a window's is to be lost in the page's own flood.
const floods = new Map();
const isSpared = (like, most = setup.most) => {
  const flood = floods.get(like) ?? { since: 0, count: 0 };
  floods.set(like, flood);
  if (now() - flood.since >= 1000) {
    flood.since = now();
    flood.count = 0;
  }
  flood.count += 1;
  return flood.count > most;
};
const plain = (value) => {
  try {
    return stringify(value) === undefined ? null : value;
  } catch {
    return String(value);
  }
};
// Runs work as a task of its own, after the current task and its microtasks.
const soon = (work) => {
  const channel = new MessageChannel();
  channel.port1.onmessage = () => {
    channel.port1.close();
    work();
  };
  channel.port2.postMessage(null);
};
// What stands in place of a function of the browser's has its name, its length and its text.
const natives = new WeakMap();
const conceal = (made, native) => {
  natives.set(made, natives.get(native) ?? native);
  for (const name of ["name", "length"]) defineProperty(made, name, { value: native[name], configurable: true });
  return made;
};
// Replaces a function of the browser's, if it has it: `work` gets the function, its `this`, and its arguments.
const replace = (owner, name, work) => {
  const found = owner ? descriptor(owner, name) : undefined;
  if (typeof found?.value !== "function" || !found.configurable) return;
  const native = found.value;
  const { [name]: made } = { [name]() { "use strict"; return work(native, this, arguments); } };
  defineProperty(owner, name, { ...found, value: conceal(made, native) });
};
replace(window.Function.prototype, "toString", (native, self) => apply(native, natives.get(self) ?? self, []));

// The document.
const openerOf = descriptor(window, "opener");
const nativeOpener = openerOf.get.bind(window);
const opener = nativeOpener();
tell("loaded", { url: location.href, hasOpener: opener !== null });
