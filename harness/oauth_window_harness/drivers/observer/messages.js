// Received messages, and which of their fields are read.
const sourceOf = descriptor(MessageEvent.prototype, "source").get;
const ofPage = (sender) => sender !== null && (sender === window || sender.top === window.top || intruders.has(sender));
// What was read of a message, and where: the first reads, as a page may go over it in a loop; none of a flood's messages.
class Reads {
  names = new Set();
  places = [];
  constructor(like) {
    this.most = isSpared(like, fewPlaces) ? 0 : fewPlaces;
  }
  add(name) {
    this.names.add(name);
    if (this.places.length < this.most) this.places.push([name, stackOf()]);
  }
}
const reads = new WeakMap();
let listening = 0;
let consumed = [];
// The messages that are being handled, each with whether the page has called upon them what begins or ends work.
const handled = new Set();
const act = () => {
  for (const one of handled) one.acted = true;
};
const onMessage = (event) => {
  const source = ofPage(apply(sourceOf, event, [])) ? "other" : "popup";
  const one = { acted: false };
  // Listeners with `once` had the message before this one; that they are removed is not observable earlier.
  for (const kept of consumed) drop(kept);
  consumed = [...live].filter(([, once]) => once).map(([kept]) => kept);
  if (isSpared(`received ${source} ${event.origin}`)) return;
  tell("received", { data: plain(event.data), origin: event.origin, source });
  const read = new Reads(`placed ${source} ${event.origin}`);
  reads.set(event, read);
  listening += 1;
  handled.add(one);
  // Two tasks later, as a rejected promise is reported in a task after the listener's own.
  const used = consumed;
  soon(() => {
    handled.delete(one);
    tell("read", { read: [...read.names], acted: one.acted, readings: read.places });
    for (const kept of used) drop(kept);
    soon(() => { listening -= 1; });
  });
};
window.addEventListener("message", onMessage, true);

// Notes which fields of a message's data are read.
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
const instrumented = new WeakMap();
for (const name of ["origin", "source", "data"]) {
  const native = descriptor(MessageEvent.prototype, name);
  defineProperty(MessageEvent.prototype, name, {
    ...native,
    get: conceal({
      get() {
        const value = apply(native.get, this, []);
        const read = reads.get(this);
        if (read) read.add(name);
        if (read && name === "data" && typeof value === "object" && value !== null && !instrumented.has(value)) {
          instrumented.set(value, true);
          if (getPrototypeOf(value) === Object.prototype) noteFields(value, read);
        }
        return name === "source" ? proxies.get(value) ?? value : value;
      },
    }.get, native.get),
  });
}
