// Runs before a page's own scripts, in every window. It observes only: what a page can do, and what comes of it, is as
// without it. Everything that it uses is kept here first, for a page may replace it.
((setup) => {
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

  // --- the document ---------------------------------------------------------------------------------------------
  const openerOf = descriptor(window, "opener");
  const nativeOpener = openerOf.get.bind(window);
  const opener = nativeOpener();
  tell("loaded", { url: location.href, hasOpener: opener !== null });

  // --- other windows --------------------------------------------------------------------------------------------
  // Another window's properties belong to no prototype that could be looked at, so what a script holds of one is a
  // proxy: `on` says what to tell of a property that is read, or what stands in its place.
  const looked = new Map();
  const look = (target, on) => {
    if (looked.has(target)) return looked.get(target);
    const methods = new Map();
    // A window's own methods want the window itself as `this`; constructors, which have a prototype, do not.
    const method = (name, native) => {
      if (!methods.has(native)) {
        const bound = { [name]() { return apply(native, target, arguments); } }[name];
        defineProperty(bound, "length", { value: native.length, configurable: true });
        methods.set(native, on(name, bound, native) ?? bound);
      }
      return methods.get(native);
    };
    const proxy = new Proxy(target, {
      get(_, name) {
        const value = getProperty(target, name, target);
        if (typeof value === "function" && !("prototype" in value)) return method(name, value);
        on(name, value);
        return looked.get(value) ?? value;
      },
      set: (_, name, value) => setProperty(target, name, value, target),
    });
    looked.set(target, proxy);
    return proxy;
  };

  // --- windows asked for ----------------------------------------------------------------------------------------
  const intruders = new Set();
  const watchClosed = () => {
    let before = null;
    return (name, closed) => {
      if (name === "closed" && closed !== before) tell("closed", { closed });
      if (name === "closed") before = closed;
    };
  };
  const nativeOpen = window.open;
  window.open = {
    open(url = "", target = "", features = "") {
      if (String(url).includes(setup.intruder)) {
        intruders.add(apply(nativeOpen, window, arguments));
        return null;
      }
      const active = navigator.userActivation?.isActive ?? true;
      const moment = at();
      const given = setup.blocked ? null : apply(nativeOpen, this ?? window, arguments);
      const told = { active, returned: given !== null, url: String(url), target: String(target), features: String(features) };
      tell("asked", told, moment);
      return given === null || given === window ? given : look(given, watchClosed());
    },
  }.open;

  // --- messages received ----------------------------------------------------------------------------------------
  const sourceOf = descriptor(MessageEvent.prototype, "source").get;
  const ofPage = (sender) => sender !== null && (sender === window || sender.top === window || intruders.has(sender));
  const reads = new WeakMap();
  let listening = 0;
  let consumed = [];
  const told = (event) => {
    const source = ofPage(apply(sourceOf, event, [])) ? "other" : "popup";
    const read = new Set();
    // What asked for one message had the one before this; that it is gone could not be seen while it was being told.
    for (const kept of consumed) drop(kept);
    consumed = [...live].filter(([, once]) => once).map(([kept]) => kept);
    tell("received", { data: plain(event.data), origin: event.origin, source });
    reads.set(event, read);
    listening += 1;
    // Two tasks later, for a rejected promise is told in a task after the listener's own.
    const used = consumed;
    soon(() => {
      tell("read", { read: [...read] });
      for (const kept of used) drop(kept);
      soon(() => { listening -= 1; });
    });
  };
  window.addEventListener("message", told, true);

  // What of a message is read, down to the fields of its data.
  const noteFields = (data, read) => {
    for (const name of keys(data)) {
      const field = descriptor(data, name);
      if (!field.configurable || !("value" in field)) continue;
      let { value } = field;
      defineProperty(data, name, {
        enumerable: true,
        configurable: true,
        get() {
          read.add(`data.${name}`);
          return value;
        },
        set(other) {
          value = other;
        },
      });
    }
  };
  const noted = new WeakMap();
  for (const name of ["origin", "source", "data"]) {
    const native = descriptor(MessageEvent.prototype, name);
    defineProperty(MessageEvent.prototype, name, {
      ...native,
      get() {
        const value = apply(native.get, this, []);
        const read = reads.get(this);
        if (read) read.add(name);
        if (read && name === "data" && typeof value === "object" && value !== null && !noted.has(value)) {
          noted.set(value, true);
          if (getPrototypeOf(value) === Object.prototype) noteFields(value, read);
        }
        return name === "source" ? looked.get(value) ?? value : value;
      },
    });
  }

  // --- listeners ------------------------------------------------------------------------------------------------
  // The live ones, as the browser keeps them: one for each function and phase, gone after their first message where
  // they asked for `once`, and gone with their signal.
  const { addEventListener, removeEventListener } = EventTarget.prototype;
  const live = new Map();
  let property = false;
  let counted = 0;
  const count = () => {
    const listeners = live.size + (property ? 1 : 0);
    if (listeners !== counted) tell("listeners", { count: listeners });
    counted = listeners;
  };
  const keyed = new WeakMap();
  const key = (listener, options) => {
    if (!keyed.has(listener)) keyed.set(listener, [{}, {}]);
    return keyed.get(listener)[(typeof options === "object" ? options?.capture : options) ? 1 : 0];
  };
  const ours = (target, type, listener) =>
    String(type) === "message" && (target ?? window) === window
    && (typeof listener === "function" || (typeof listener === "object" && listener !== null));
  const drop = (kept) => {
    if (live.delete(kept)) count();
  };
  EventTarget.prototype.addEventListener = {
    addEventListener(type, listener) {
      const given = apply(addEventListener, this ?? window, arguments);
      const options = arguments[2];
      if (ours(this, type, listener) && !options?.signal?.aborted) {
        const kept = key(listener, options);
        if (!live.has(kept)) live.set(kept, Boolean(options?.once));
        if (options?.signal) apply(addEventListener, options.signal, ["abort", () => drop(kept)]);
        count();
      }
      return given;
    },
  }.addEventListener;
  EventTarget.prototype.removeEventListener = {
    removeEventListener(type, listener) {
      const given = apply(removeEventListener, this ?? window, arguments);
      if (ours(this, type, listener)) drop(key(listener, arguments[2]));
      return given;
    },
  }.removeEventListener;
  const onmessage = descriptor(window, "onmessage");
  defineProperty(window, "onmessage", {
    ...onmessage,
    set(listener) {
      onmessage.set.call(window, listener);
      property = typeof onmessage.get.call(window) === "function";
      count();
    },
  });

  // --- messages posted to an opener of another origin -----------------------------------------------------------
  if (opener !== null) {
    const { origin } = window; // a sandboxed document has none, whatever its address says
    const posting = (name, bound, native) => name === "postMessage" && native ? {
      postMessage(data, options) {
        const targetOrigin = typeof options === "object" && options !== null ? options.targetOrigin ?? "/" : options ?? "/";
        const moment = at();
        const given = apply(bound, undefined, arguments); // what throws here was not posted
        tell("posted", { data: plain(data), origin, targetOrigin: String(targetOrigin) }, moment);
        return given;
      },
    }.postMessage : undefined;
    const foreign = (target) => {
      try {
        return target.document === undefined;
      } catch {
        return true;
      }
    };
    defineProperty(window, "opener", {
      ...openerOf,
      get() {
        const target = nativeOpener();
        return target !== null && foreign(target) ? look(target, posting) : target;
      },
      set(value) {
        openerOf.set.call(window, value);
      },
    });
  }

  // --- what the user does, and errors that nothing caught -------------------------------------------------------
  const placeOf = (element) => {
    const path = [];
    for (let node = element; node?.parentElement; node = node.parentElement) {
      path.unshift(`${node.localName}:nth-child(${1 + [...node.parentElement.children].indexOf(node)})`);
    }
    return path.join(" > ");
  };
  apply(addEventListener, window, ["click", (event) => {
    if (event.isTrusted) tell("clicked", { place: placeOf(event.target) });
  }, true]);
  const threw = (message, rejection) => tell("threw", { message: String(message), rejection, listening: listening > 0 });
  apply(addEventListener, window, ["error", (event) => {
    if (event.error || event.message) threw(event.message, false);
  }]);
  apply(addEventListener, window, ["unhandledrejection", (event) => threw(event.reason, true)]);

  // --- what the page has still to do ----------------------------------------------------------------------------
  if (opener !== null) return;
  const timers = new Map();
  const nativeSetTimeout = window.setTimeout;
  const pending = (name, repeats) => {
    const native = window[name];
    window[name] = {
      [name](_handler) {
        const id = apply(native, this ?? window, arguments);
        const given = arguments[1];
        const delay = typeof given === "number" || typeof given === "string" ? Number(given) || 0 : 0;
        // What is further away is no part of a flow that has come to its end: a toast that goes, a session that lapses.
        if (delay <= setup.horizon) timers.set(id, { due: now() + delay, period: repeats ? delay : null });
        if (timers.size > 1000) forget();
        return id;
      },
    }[name];
  };
  const forget = () => {
    for (const [id, { due, period }] of timers) if (period === null && due < now()) timers.delete(id);
  };
  const cleared = (name) => {
    const native = window[name];
    window[name] = {
      [name]() {
        timers.delete(arguments[0]);
        return apply(native, this ?? window, arguments);
      },
    }[name];
  };
  pending("setTimeout", false);
  pending("setInterval", true);
  cleared("clearTimeout");
  cleared("clearInterval");
  // Asked from outside: resolves when every timer that is near has run, one that repeats once, and tells whether one
  // that does not repeat has been set since.
  apply(addEventListener, window, [setup.settling, (event) => {
    forget();
    let wait = 0;
    for (const { due, period } of timers.values()) {
      const next = period ? period - ((now() - due) % period) : due - now();
      wait = Math.max(wait, Math.min(next, setup.horizon));
    }
    // A browser takes whole milliseconds, the smaller number, and runs late.
    wait = wait > 0 ? Math.ceil(wait) + 5 : 0;
    event.detail.settled = new Promise((done) => {
      const ran = () => done([...timers.values()].some(({ due, period }) => period === null && due > now()));
      apply(nativeSetTimeout, window, [ran, wait]);
    });
  }]);

  // --- what the user can read -----------------------------------------------------------------------------------
  const watching = { subtree: true, childList: true, characterData: true, attributes: true };
  const roots = new Set();
  const frames = new WeakSet();
  const channel = new MessageChannel();
  let shown = null;
  let since = 0;
  let busy = false;
  let waiting = false;
  const { then } = Promise.prototype;
  // What is there without being seen tells nobody anything: transparent, outside the page, clipped for screen readers.
  const seen = { opacityProperty: true, visibilityProperty: true };
  const { getComputedStyle, NodeFilter: { SHOW_TEXT } } = window;
  // What scrolls within the page can be brought into sight.
  const scrolls = (element) => element !== null && element !== document.body
    && (/auto|scroll/.test(getComputedStyle(element).overflow) || scrolls(element.parentElement));
  const visible = (element) => {
    if (!element.checkVisibility(seen)) return false;
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
  // What a frame of the page's own origin shows, its user reads as the page's.
  const framed = (frame) => {
    const inside = frame.contentDocument;
    if (inside === null || !frame.checkVisibility()) return "";
    if (!frames.has(inside)) {
      frames.add(inside);
      new MutationObserver(changed).observe(inside, watching);
    }
    return inside.body?.innerText ?? "";
  };
  const read = () => [
    document.body ? textOf(document.body) : "", ...valuesOf(document), ...[...document.querySelectorAll("iframe")].map(framed),
    ...[...roots].flatMap((root) => [textOf(root), ...valuesOf(root)]),
  ].filter(Boolean).join("\n").trim();
  channel.port1.onmessage = () => {
    waiting = false;
    const text = read();
    // What is read now has been there since the last change, however late a busy machine comes to read it.
    const told = text === shown ? tell("changed", {}) : tell("text", { text }, since);
    shown = text;
    // The next look waits until this one was heard, so that a page in motion is not slowed down.
    apply(then, told, [() => {
      busy = false;
      if (waiting) changed();
    }]);
  };
  const changed = () => {
    waiting = true;
    since = at();
    if (busy) return;
    busy = true;
    channel.port2.postMessage(null);
  };
  new MutationObserver(changed).observe(document, watching);
  // A field's value changes without a mutation, too.
  for (const { prototype } of [window.HTMLInputElement, window.HTMLTextAreaElement]) {
    const value = descriptor(prototype, "value");
    defineProperty(prototype, "value", {
      ...value,
      set(given) {
        apply(value.set, this, [given]);
        changed();
      },
    });
  }
  // Popovers, fading toasts and fonts change what is seen without a mutation.
  for (const type of ["DOMContentLoaded", "load", "toggle", "transitionend", "animationend"]) {
    apply(addEventListener, document, [type, changed, true]);
  }
  const nativeAttach = Element.prototype.attachShadow;
  Element.prototype.attachShadow = {
    attachShadow(_init) {
      const root = apply(nativeAttach, this, arguments);
      roots.add(root);
      new MutationObserver(changed).observe(root, watching);
      return root;
    },
  }.attachShadow;
})
