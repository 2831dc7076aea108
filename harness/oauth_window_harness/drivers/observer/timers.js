// Pending timers. From here on the observer runs in the page under test only, not in popups.
if (opener !== null) return;
const timers = new Map();
// Goes up with all that begins or ends here and in outstanding.js.
let changes = 0;
const nativeSetTimeout = window.setTimeout;
// The timer that ran last, and the one whose run is in progress.
let ran = null;
let running = null;
const keep = (id, delay, period) => {
  changes += 1;
  timers.set(id, { due: now() + delay, period, near: delay <= setup.horizon });
};
const forget = (id) => {
  if (timers.delete(id)) changes += 1;
};
const pending = (name, repeats) => replace(window, name, (native, self, given) => {
  act();
  const work = given[0], wanted = given[1];
  const delay = typeof wanted === "number" || typeof wanted === "string" ? Number(wanted) || 0 : 0;
  const isOver = () => {
    if (repeats && timers.has(id)) keep(id, delay, delay);
    else forget(id);
  };
  // A timer that sets itself anew goes on.
  const isNew = repeats || running === null || running.repeats;
  const own = isNew ? { since: at(), count: 0, ended: 0, repeats } : running;
  if (typeof work === "function") {
    given[0] = function () {
      isOver();
      own.count += 1;
      ran = running = own;
      try {
        return apply(work, this, arguments);
      } finally {
        running = null;
        own.ended = now();
      }
    };
  }
  const id = apply(native, self ?? window, given);
  keep(id, delay, repeats ? delay : null);
  // Code that is given as text runs just before a function that is to run as late.
  if (typeof work !== "function" && !repeats) apply(nativeSetTimeout, window, [isOver, delay]);
  return id;
});
const cleared = (name) => replace(window, name, (native, self, given) => {
  act();
  forget(Number(given[0]));
  return apply(native, self ?? window, given);
});
pending("setTimeout", false);
pending("setInterval", true);
cleared("clearTimeout");
cleared("clearInterval");
// Calls, with their places: that of an XMLHttpRequest is where it was opened, as there its address stands.
const called = (address, stack) => {
  try {
    const { href } = new URL(address, window.document.baseURI);
    const url = href.split("#")[0];
    if (!isSpared(`called ${url}`, fewPlaces)) tell("called", { url, stack });
  } catch {} // no address: the call fails
};
const addressOf = descriptor(Request.prototype, "url").get;
replace(window, "fetch", (native, self, given) => {
  act();
  const target = given[0];
  if (target instanceof Request) called(apply(addressOf, target, []), stackOf());
  else if (typeof target === "string" || target instanceof URL) called(target, stackOf());
  return apply(native, self ?? window, given);
});
const opened = new WeakMap();
replace(window.XMLHttpRequest?.prototype, "open", (native, self, given) => {
  const target = given[1];
  const isAddress = typeof target === "string" || target instanceof URL;
  if (isAddress && self) opened.set(self, [String(target), stackOf()]);
  return apply(native, self, given);
});
replace(window.XMLHttpRequest?.prototype, "send", (native, self, given) => {
  act();
  if (opened.has(self)) called(...opened.get(self));
  return apply(native, self ?? window, given);
});
// Answers the driver's event with a promise that resolves when every timer that is due soon has run, a repeating one
// once. It resolves to whether a timer that does not repeat was set meanwhile; null if no timer was due soon. A timer
// that is due later is no part of the flow: it hides a toast, or ends a session.
apply(addEventListener, window, [setup.settling, (event) => {
  event.detail.since = since;
  let wait = 0;
  for (const { due, near } of timers.values()) if (near) wait = Math.max(wait, Math.min(due - now(), setup.horizon));
  // A browser rounds delays down to milliseconds, and runs timers late.
  wait = wait > 0 ? Math.ceil(wait) + 5 : 0;
  event.detail.settled = wait === 0 ? null : new Promise((done) => {
    const coming = ({ due, period, near }) => near && period === null && due > now();
    apply(nativeSetTimeout, window, [() => done([...timers.values()].some(coming)), wait]);
  });
}]);
