// Where in its scripts a page does something: the stack, as the engine writes it. A page may write stacks in a way of
// its own (Error.prepareStackTrace), and may change how long they are: neither is used here, and both are as before.
const { Error, URL, Request, Node } = window;
// How many like reports a document sends in a second of what is told for its place alone.
const fewPlaces = 20;
const ownWays = ["prepareStackTrace", "stackTraceLimit"];
const withOwnWays = (values, work) => {
  const kept = ownWays.map((name) => descriptor(Error, name));
  try {
    if (kept.some((found) => found && !(found.configurable && "value" in found))) return "";
    ownWays.forEach((name, place) => {
      defineProperty(Error, name, { value: values[place], configurable: true, enumerable: true, writable: true });
    });
    return String(work() ?? "");
  } catch {
    return "";
  } finally {
    ownWays.forEach((name, place) => {
      try {
        if (kept[place]) defineProperty(Error, name, kept[place]);
        else delete Error[name];
      } catch {}
    });
  }
};
const stackOf = () => withOwnWays([undefined, 40], () => new Error().stack);
// The stack of an error of the page's. It is written when it is first read: where the page has a way of its own to write
// it, that is left to the page.
const stackOfError = (error) => {
  try {
    if (!(error instanceof Error) || descriptor(Error, "prepareStackTrace")) return "";
    return String(error.stack ?? "");
  } catch {
    return "";
  }
};
