// What a driver sees by itself, and nobody else can see in a suite that drives its own browser: calls of the page, dialogs,
// windows that scripts close. These reports are made only where the observer came from `oauth-window serve`.
{
  replace(window, "close", (native, self, given) => {
    tell("closing", {});
    return apply(native, self ?? window, given);
  });
  if (opener === null) {
    for (const name of ["alert", "confirm", "prompt"]) {
      replace(window, name, (native, self, given) => {
        tell("dialog", { name, message: String(given[0] ?? "") });
        return apply(native, self ?? window, given);
      });
    }
    const bodyOf = (body) => typeof body === "string" || body instanceof window.URLSearchParams ? String(body).slice(0, 2000) : "";
    const asked = (method, url, body) => {
      const call = { method: String(method).toUpperCase(), url: new window.URL(url, document.baseURI).href, body: bodyOf(body) };
      const since = at();
      if (isSpared("requested")) return () => {};
      tell("requested", call, since);
      return (status, failure) => tell("answered", { ...call, since, status, failure: String(failure ?? "") });
    };
    replace(window, "fetch", (native, self, given) => {
      const [input, options] = given;
      const answer = apply(native, self ?? window, given);
      try {
        const isRequest = input instanceof window.Request;
        const end = asked(options?.method ?? (isRequest ? input.method : "GET"), isRequest ? input.url : String(input), options?.body);
        const failed = (error) => { if (error?.name !== "AbortError") end(null, error?.message ?? "no answer"); };
        apply(Promise.prototype.then, answer, [({ status }) => end(status), failed]);
      } catch { /* an address that is none */ }
      return answer;
    });
    const calls = new WeakMap();
    replace(window.XMLHttpRequest?.prototype, "open", (native, self, given) => {
      calls.set(self, given);
      return apply(native, self, given);
    });
    replace(window.XMLHttpRequest?.prototype, "send", (native, self, given) => {
      try {
        const [method, url] = calls.get(self);
        const end = asked(method, String(url), given[0]);
        apply(addEventListener, self, ["load", () => end(self.status), { once: true }]);
        apply(addEventListener, self, ["error", () => end(null, "no answer"), { once: true }]);
      } catch { /* not opened */ }
      return apply(native, self, given);
    });
    replace(window.Navigator.prototype, "sendBeacon", (native, self, given) => {
      try {
        asked("POST", String(given[0]), given[1]);
      } catch { /* an address that is none */ }
      return apply(native, self, given);
    });
    // A page that is there says so, or nobody could tell one that does nothing from one that the test has closed. Under
    // automation a page always has the focus, and one that waits for its user's return would wait for ever.
    const { setTimeout: later } = window, beat = 100;
    let open = 0, round = 0;
    const look = () => {
      for (const handle of handles) {
        if (!handle.closed) continue;
        handles.delete(handle);
        tell("gone", {});
      }
      if ((handles.size > 0) !== (open > 0)) window.dispatchEvent(new FocusEvent(handles.size > 0 ? "blur" : "focus"));
      open = handles.size;
      if (round++ % 5 === 0) tell("present", {});
      apply(later, window, [look, beat]);
    };
    look();
  }
}
