// Messages posted to an opener of another origin.
if (opener !== null) {
  const { origin } = window; // opaque in a sandboxed document, whatever its address
  const posting = (name, bound, native) => name === "postMessage" && native ? {
    postMessage(data, options) {
      const targetOrigin = typeof options === "object" && options !== null ? options.targetOrigin ?? "/" : options ?? "/";
      const moment = at();
      const given = apply(bound, undefined, arguments); // if this throws, nothing was posted
      const isMuch = isSpared(`posted ${String(targetOrigin)}`);
      if (!isMuch) tell("posted", { data: plain(data), origin, targetOrigin: String(targetOrigin) }, moment);
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
