// Runs before a page's own scripts, in every window; the files of this folder run one after another as one function of
// `setup`, see `drivers.observer.script`. They observe only: what a page can do, and what comes of it, is as without
// them. Everything that they use is kept here first, for a page may replace it.
const report = window.__oauthWindow;
delete window.__oauthWindow;
// Playwright needs its own two names; a page that looks through the enumerable ones need not meet them.
for (const name of Object.keys(window)) {
  if (name.startsWith("__playwright")) Object.defineProperty(window, name, { enumerable: false });
}
if (typeof report !== "function" || window !== window.top) return;

const { apply, get: getProperty, set: setProperty } = Reflect;
const { performance, Map, WeakMap, Set, WeakSet, Proxy, String, Number, Math, Promise } = window;
const { MutationObserver, MessageChannel } = window;
const { defineProperty, getOwnPropertyDescriptor: descriptor, getPrototypeOf, keys } = Object;
const now = performance.now.bind(performance);
const at = () => performance.timeOrigin + now();
const { stringify } = JSON;
// As text, so that what was posted keeps the order of its keys; what JSON cannot hold is told as a string.
const tell = (kind, told, moment = at()) => report(stringify({ kind, at: moment, ...told }));
const plain = (value) => {
  try {
    return stringify(value) === undefined ? null : value;
  } catch {
    return String(value);
  }
};
// Runs something as a task of its own, after the one that is under way and what it left to do.
const soon = (work) => {
  const channel = new MessageChannel();
  channel.port1.onmessage = () => {
    channel.port1.close();
    work();
  };
  channel.port2.postMessage(null);
};

// The document.
const openerOf = descriptor(window, "opener");
const nativeOpener = openerOf.get.bind(window);
const opener = nativeOpener();
tell("loaded", { url: location.href, hasOpener: opener !== null });
