// Takes the place of Playwright's binding where the observer came from `oauth-window serve`: reports go to its control
// API, or, where the suite has exposed the binding, to the suite, which passes them on. They go in batches, each with the
// document that it is of and a number, as two may overtake each other.
{
  const binding = window.__oauthWindow;
  const { fetch, history, location, navigator, performance, Promise } = window;
  const { apply } = Reflect, { then } = Promise.prototype, { stringify } = JSON, { sendBeacon } = navigator;
  const id = [...window.crypto.getRandomValues(new Uint8Array(12))].map((one) => one.toString(16).padStart(2, "0")).join("");
  const own = { document: id, ticket: setup.ticket, born: performance.timeOrigin, url: location.href,
    frame: window !== window.top, opener: window.opener !== null, length: history.length };
  // A page of the service's answers for the control API itself: there neither a policy, nor mixed content, nor the
  // browser's guard of local addresses is in the way. From any other page that is not local, the gateway leads there.
  const isLocal = /^$|(^|\.)localhost$|^127\.|^\[::1\]$/.test(location.hostname);
  const home = setup.hosts.includes(location.hostname) ? location.origin : isLocal ? setup.control : setup.service;
  const address = home + setup.path;
  const most = 200, longest = 60000; // reports; and characters that may outlive the document
  let queue = [], waiting = [], number = 0, sending = false;
  const time = performance.now.bind(performance);
  // The moment at which it is sent tells how far the clock of its reports is from the server's.
  const batch = () => stringify({ ...own, number: number++, sent: performance.timeOrigin + time(), reports: queue.splice(0, most) });
  const deliver = (text) => binding ? binding(text) : fetch(address, {
    method: "POST", mode: "no-cors", credentials: "omit", cache: "no-store", referrerPolicy: "no-referrer",
    keepalive: text.length < longest, body: text,
  });
  const send = () => {
    if (sending || queue.length === 0) return;
    sending = true;
    const done = waiting;
    waiting = [];
    const next = () => {
      sending = false;
      for (const one of done) one();
      send();
    };
    apply(then, deliver(batch()), [next, next]);
  };
  window.__oauthWindow = (text) => {
    queue.push(text);
    const sent = new Promise((done) => waiting.push(done));
    send();
    return sent;
  };
  window.addEventListener("pagehide", () => {
    if (number === 0) return;
    queue.push(stringify({ kind: "left", at: performance.timeOrigin + performance.now() }));
    while (queue.length > 0) {
      if (binding) binding(batch());
      else apply(sendBeacon, navigator, [address, batch()]);
    }
  }, true);
}
