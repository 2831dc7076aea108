// What the page has still to do; from here on of the page under test alone.
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
// that does not repeat has been set since; null where there was none to wait for.
apply(addEventListener, window, [setup.settling, (event) => {
  event.detail.since = since;
  forget();
  let wait = 0;
  for (const { due, period } of timers.values()) {
    const next = period ? period - ((now() - due) % period) : due - now();
    wait = Math.max(wait, Math.min(next, setup.horizon));
  }
  // A browser takes whole milliseconds, the smaller number, and runs late.
  wait = wait > 0 ? Math.ceil(wait) + 5 : 0;
  event.detail.settled = wait === 0 ? null : new Promise((done) => {
    const ran = () => done([...timers.values()].some(({ due, period }) => period === null && due > now()));
    apply(nativeSetTimeout, window, [ran, wait]);
  });
}]);
