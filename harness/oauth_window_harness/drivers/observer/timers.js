// Pending timers. From here on the observer runs in the page under test only, not in popups.
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
      // A timer that is due later is no part of the flow: it hides a toast, or ends a session.
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
// Answers the driver's event with a promise that resolves when every timer that is due soon has run, a repeating one
// once. It resolves to whether a timer that does not repeat was set meanwhile; null if no timer was due soon.
apply(addEventListener, window, [setup.settling, (event) => {
  event.detail.since = since;
  forget();
  let wait = 0;
  for (const { due, period } of timers.values()) {
    const next = period ? period - ((now() - due) % period) : due - now();
    wait = Math.max(wait, Math.min(next, setup.horizon));
  }
  // A browser rounds delays down to milliseconds, and runs timers late.
  wait = wait > 0 ? Math.ceil(wait) + 5 : 0;
  event.detail.settled = wait === 0 ? null : new Promise((done) => {
    const ran = () => done([...timers.values()].some(({ due, period }) => period === null && due > now()));
    apply(nativeSetTimeout, window, [ran, wait]);
  });
}]);
