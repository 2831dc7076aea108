// Listeners for messages.
// The registered ones, by the browser's rules: one for each function and phase, removed after their first message with
// `once`, and removed when their signal aborts.
const { addEventListener, removeEventListener } = EventTarget.prototype;
// Handlers of clicks, whoever has them: frameworks have theirs at the root. One that a click itself causes is none.
const clickTypes = new Set(["click", "mousedown", "mouseup", "pointerdown", "pointerup", "touchend", "submit"]);
let noting = false;
const noteHandler = () => {
  if (noting || window.event?.isTrusted && clickTypes.has(window.event.type)) return;
  noting = true;
  const moment = at();
  soon(() => {
    noting = false;
    tell("handler", {}, moment);
  });
};
const onclick = descriptor(window.HTMLElement.prototype, "onclick");
defineProperty(window.HTMLElement.prototype, "onclick", {
  ...onclick,
  set: conceal({
    set(listener) {
      apply(onclick.set, this, [listener]);
      if (typeof listener === "function") noteHandler();
    },
  }.set, onclick.set),
});
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
const isForMessages = (target, type, listener) =>
  String(type) === "message" && (target ?? window) === window
  && (typeof listener === "function" || (typeof listener === "object" && listener !== null));
// A listener on another target of the document's hears nothing, and is noted as well.
const noteListening = (target, type) => {
  if (String(type) !== "message" || !((target ?? window) === window || target instanceof Node)) return;
  if (!isSpared("heeds", fewPlaces)) tell("heeds", { stack: stackOf() });
};
const drop = (kept) => {
  if (live.delete(kept)) count();
};
// Whether the page listens for the rounds of animations.
let roundsHeard = false;
EventTarget.prototype.addEventListener = conceal({
  addEventListener(type, listener) {
    const given = apply(addEventListener, this ?? window, arguments);
    const options = arguments[2];
    if (clickTypes.has(String(type))) noteHandler();
    if (String(type) === "animationiteration") roundsHeard = true;
    if (isForMessages(this, type, listener) && !options?.signal?.aborted) {
      const kept = key(listener, options);
      if (!live.has(kept)) live.set(kept, Boolean(options?.once));
      if (options?.signal) apply(addEventListener, options.signal, ["abort", () => drop(kept)]);
      count();
    }
    noteListening(this, type);
    return given;
  },
}.addEventListener, addEventListener);
EventTarget.prototype.removeEventListener = conceal({
  removeEventListener(type, listener) {
    const given = apply(removeEventListener, this ?? window, arguments);
    if (isForMessages(this, type, listener)) drop(key(listener, arguments[2]));
    return given;
  },
}.removeEventListener, removeEventListener);
const onmessage = descriptor(window, "onmessage");
defineProperty(window, "onmessage", {
  ...onmessage,
  set: conceal({
    set(listener) {
      onmessage.set.call(window, listener);
      property = typeof onmessage.get.call(window) === "function";
      count();
      if (property) noteListening(window, "message");
    },
  }.set, onmessage.set),
});
