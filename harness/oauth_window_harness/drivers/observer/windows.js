// Other windows: which ones a page opens, and what it reads of them.
// The properties of a cross-origin window cannot be redefined, so scripts get a proxy of it. `on` reports that a
// property is read, and may return a replacement for it; or, with an equals sign behind its name, that it is set.
const proxies = new Map();
const look = (target, on) => {
  if (proxies.has(target)) return proxies.get(target);
  const methods = new Map();
  // A window's methods need the window itself as `this`; constructors, which have a prototype, do not.
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
      return proxies.get(value) ?? value;
    },
    set(_, name, value) {
      on(`${String(name)}=`, value);
      return setProperty(target, name, value, target);
    },
  });
  proxies.set(target, proxy);
  return proxy;
};

// Calls of window.open.
const intruders = new Set();
const closing = (close) => ({
  close() {
    if (!isSpared("closing", fewPlaces)) tell("closing", { stack: stackOf() });
    return apply(close, undefined, arguments);
  },
}.close);
const sending = (address) => {
  const isAddress = typeof address === "string" || address instanceof URL;
  if (isAddress && !isSpared("sending", fewPlaces)) tell("sending", { url: String(address), stack: stackOf() });
};
// The windows themselves, while they are open.
const handles = new Set();
const watchClosed = () => {
  let before = null;
  return (name, closed) => {
    if (name === "closed" && closed !== before) tell("closed", { closed, stack: stackOf() });
    if (name === "closed") before = closed;
    if (name === "close") return closing(closed);
    if (name === "location=") sending(closed);
  };
};
const nativeOpen = window.open;
// Whether a task of the user's is running: a click or a key, and the microtasks that follow from it.
let clicking = 0;
for (const type of ["pointerdown", "mousedown", "pointerup", "mouseup", "click", "keydown", "keyup", "touchend"]) {
  window.addEventListener(type, (event) => {
    if (!event.isTrusted) return;
    clicking += 1;
    soon(() => { clicking -= 1; });
  }, true);
}
window.open = conceal({
  open(url = "", target = "", features = "") {
    if (String(url).includes(setup.intruder)) {
      intruders.add(apply(nativeOpen, window, arguments));
      return null;
    }
    const inClick = clicking > 0;
    const active = navigator.userActivation?.isActive ?? true;
    const moment = at();
    const given = setup.blocked ? null : apply(nativeOpen, this ?? window, arguments);
    const call = {
      active, inClick, returned: given !== null, url: String(url), target: String(target), features: String(features),
      stack: stackOf(),
    };
    if (!isSpared("asked")) tell("asked", call, moment);
    if (given !== null && given !== window) handles.add(given);
    return given === null || given === window ? given : look(given, watchClosed());
  },
}.open, nativeOpen);

// A page, or what was put into it, may have replaced window.open by the time that the user clicks. Then it stays the
// page's own function, and only who asks for it from then on is noted.
const ownOpen = window.open;
let watched = null;
let used = false;
const noteReplaced = () => {
  const found = descriptor(window, "open");
  if (found === undefined || found.value === ownOpen) return;
  used = false;
  tell("replaced", { used });
  if (!found.configurable || found.get === watched) return;
  const use = () => {
    if (!used) tell("replaced", { used: true });
    used = true;
  };
  watched = {
    get() {
      use();
      return found.get ? apply(found.get, this, []) : found.value;
    },
  }.get;
  defineProperty(window, "open", {
    enumerable: found.enumerable,
    configurable: true,
    get: watched,
    set(value) {
      if (found.set) apply(found.set, this, [value]);
      else if (found.writable) defineProperty(window, "open", { ...found, value });
    },
  });
};
