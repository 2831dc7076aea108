// Runs before a page's own scripts, in every window. It observes only: what a page can do, and what comes of it, is as
// without it. Everything that it uses is kept here first, for a page may replace it.
(() => {
  const report = window.__oauthWindow;
  delete window.__oauthWindow;
  // Playwright needs its own two names; a page that looks through the enumerable ones need not meet them.
  for (const name of Object.keys(window)) {
    if (name.startsWith("__playwright")) Object.defineProperty(window, name, { enumerable: false });
  }
  if (typeof report !== "function" || window !== window.top) return;

  const { apply, get: getProperty } = Reflect;
  const { performance, Map, Proxy, String, MutationObserver, MessageChannel } = window;
  const descriptor = Object.getOwnPropertyDescriptor;
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

  // --- the document ---------------------------------------------------------------------------------------------
  const openerOf = descriptor(window, "opener");
  const nativeOpener = openerOf.get.bind(window);
  const opener = nativeOpener();
  tell("loaded", { url: location.href, hasOpener: opener !== null });

  // --- windows asked for ----------------------------------------------------------------------------------------
  const opened = new Set();
  const nativeOpen = window.open;
  window.open = {
    open(url = "", target = "", features = "") {
      const active = navigator.userActivation?.isActive ?? true;
      const moment = at();
      const given = apply(nativeOpen, this ?? window, arguments);
      if (given) opened.add(given);
      const told = { active, returned: given !== null, url: String(url), target: String(target), features: String(features) };
      tell("asked", told, moment);
      return given;
    },
  }.open;

  // --- messages received ----------------------------------------------------------------------------------------
  const sourceOf = descriptor(MessageEvent.prototype, "source").get;
  window.addEventListener(
    "message",
    (event) => tell("received", {
      data: plain(event.data), origin: event.origin, source: opened.has(apply(sourceOf, event, [])) ? "popup" : "other",
    }),
    true,
  );

  // --- listeners ------------------------------------------------------------------------------------------------
  const { addEventListener, removeEventListener } = EventTarget.prototype;
  const count = (target, type, change) => {
    if (type === "message" && (target ?? window) === window) tell("listener", { change });
  };
  EventTarget.prototype.addEventListener = {
    addEventListener(type, listener) {
      if (listener) count(this, type, 1);
      return apply(addEventListener, this ?? window, arguments);
    },
  }.addEventListener;
  EventTarget.prototype.removeEventListener = {
    removeEventListener(type, listener) {
      if (listener) count(this, type, -1);
      return apply(removeEventListener, this ?? window, arguments);
    },
  }.removeEventListener;
  const onmessage = descriptor(window, "onmessage");
  Object.defineProperty(window, "onmessage", {
    ...onmessage,
    set(listener) {
      const before = typeof onmessage.get.call(window) === "function";
      const after = typeof listener === "function";
      if (before !== after) tell("listener", { change: after ? 1 : -1 });
      onmessage.set.call(window, listener);
    },
  });

  // --- messages posted to an opener of another origin -----------------------------------------------------------
  // A cross-origin window's `postMessage` belongs to no prototype, so the opener that a script reads is looked through.
  if (opener !== null) {
    const looked = new Map();
    const post = (target) => ({
      postMessage(data, options) {
        const targetOrigin = typeof options === "object" && options !== null ? options.targetOrigin ?? "/" : options ?? "/";
        const moment = at();
        const given = apply(target.postMessage, target, arguments); // what throws here was not posted
        tell("posted", { data: plain(data), targetOrigin: String(targetOrigin) }, moment);
        return given;
      },
    }).postMessage;
    const look = (target) => {
      if (!looked.has(target)) {
        const posting = post(target);
        looked.set(target, new Proxy(target, {
          get: (_, name) => (name === "postMessage" ? posting : getProperty(target, name, target)),
          set: (_, name, value) => Reflect.set(target, name, value, target),
        }));
      }
      return looked.get(target);
    };
    const foreign = (target) => {
      try {
        return target.document === undefined;
      } catch {
        return true;
      }
    };
    Object.defineProperty(window, "opener", {
      ...openerOf,
      get() {
        const target = nativeOpener();
        return target !== null && foreign(target) ? look(target) : target;
      },
      set(value) {
        openerOf.set.call(window, value);
      },
    });
    // A script that compares a message's source with its opener must still find them equal.
    const source = descriptor(MessageEvent.prototype, "source");
    Object.defineProperty(MessageEvent.prototype, "source", {
      ...source,
      get() {
        const sender = source.get.call(this);
        return looked.has(sender) ? looked.get(sender) : sender;
      },
    });
  }

  // --- what the user does, and errors that nothing caught -------------------------------------------------------------------------------
  apply(addEventListener, window, ["click", (event) => {
    if (event.isTrusted) tell("clicked", {});
  }, true]);
  apply(addEventListener, window, ["error", (event) => {
    if (event.error || event.message) tell("threw", { message: String(event.message) });
  }]);
  apply(addEventListener, window, ["unhandledrejection", (event) => tell("threw", { message: String(event.reason) })]);

  // --- what the user can read -----------------------------------------------------------------------------------
  if (opener !== null) return;
  const roots = new Set();
  const channel = new MessageChannel();
  let shown = null;
  let busy = false;
  let waiting = false;
  const { then } = Promise.prototype;
  const textOf = (root) => [...root.children].map((child) => child.innerText ?? "").join("\n");
  channel.port1.onmessage = () => {
    waiting = false;
    const text = [document.body?.innerText ?? "", ...[...roots].map(textOf)].join("\n").trim();
    const told = text === shown ? tell("changed", {}) : tell("text", { text });
    shown = text;
    // The next look waits until this one was heard, so that a page in motion is not slowed down.
    apply(then, told, [() => {
      busy = false;
      if (waiting) changed();
    }]);
  };
  const changed = () => {
    waiting = true;
    if (busy) return;
    busy = true;
    channel.port2.postMessage(null);
  };
  const watching = { subtree: true, childList: true, characterData: true, attributes: true };
  new MutationObserver(changed).observe(document, watching);
  apply(addEventListener, document, ["DOMContentLoaded", changed]);
  const nativeAttach = Element.prototype.attachShadow;
  Element.prototype.attachShadow = {
    attachShadow(_init) {
      const root = apply(nativeAttach, this, arguments);
      roots.add(root);
      new MutationObserver(changed).observe(root, watching);
      return root;
    },
  }.attachShadow;
})();
