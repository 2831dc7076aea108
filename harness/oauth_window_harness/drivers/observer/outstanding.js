// What is outstanding: by which something may still come of the page, though nobody does anything to it. Requests are not
// counted here: the driver sees them.
const begun = new Set();
const begin = (what) => {
  const one = { what };
  begun.add(one);
  changes += 1;
  return () => {
    if (begun.delete(one)) changes += 1;
  };
};

// Work that the browser is to do later: it ends when it begins to run, or is cancelled.
const scheduled = (owner, name, canceller) => {
  const ends = new Map();
  replace(owner, name, (native, self, given) => {
    const work = given[0];
    if (typeof work !== "function") return apply(native, self ?? window, given);
    const end = begin(name);
    given[0] = function () {
      ends.delete(id);
      end();
      return apply(work, this, arguments);
    };
    const id = apply(native, self ?? window, given);
    ends.set(id, end);
    return id;
  });
  replace(owner, canceller, (native, self, given) => {
    const end = ends.get(Number(given[0]));
    if (end) end();
    return apply(native, self ?? window, given);
  });
};
scheduled(window, "requestAnimationFrame", "cancelAnimationFrame");
scheduled(window, "requestIdleCallback", "cancelIdleCallback");
scheduled(window.Scheduler?.prototype, "postTask");

// What ends with an event of its own.
const untilEvent = (owner, name, types) => replace(owner, name, (native, self, given) => {
  const made = apply(native, self, given);
  const end = begin(name);
  for (const type of types) apply(addEventListener, made, [type, end]);
  return made;
});
untilEvent(window.IDBFactory?.prototype, "open", ["success", "error"]);
untilEvent(window.IDBFactory?.prototype, "deleteDatabase", ["success", "error"]);
untilEvent(window.IDBDatabase?.prototype, "transaction", ["complete", "abort"]);
replace(window.AbortSignal, "timeout", (native, self, given) => {
  const signal = apply(native, self, given);
  changes += 1;
  timers.set(signal, { due: now() + Number(given[0]), period: null, near: false });
  apply(addEventListener, signal, ["abort", () => forget(signal)]);
  return signal;
});

// Animations of elements that are nowhere in the document; the others the document knows.
const animations = new Set();
replace(Element.prototype, "animate", (native, self, given) => {
  const made = apply(native, self, given);
  for (const one of animations) if (one.playState !== "running") animations.delete(one);
  animations.add(made);
  return made;
});
const { getAnimations } = window.Document.prototype;
const getShadowAnimations = window.ShadowRoot.prototype.getAnimations;
// One that goes on for ever, as that of a spinner, brings nothing but its rounds.
const brings = (one) => one.playState === "running" && (roundsHeard || one.effect?.getComputedTiming().endTime !== Infinity);
const animated = () => {
  const inRoots = [...roots].flatMap((root) => apply(getShadowAnimations, root, []));
  return [...apply(getAnimations, document, []), ...inRoots, ...animations].some(brings);
};

// What may bring something at any time from when it was used: nothing tells when it no longer does.
const lasting = new Set();
const noteUse = (owner, names) => {
  for (const name of names) {
    replace(owner, name, (native, self, given) => {
      lasting.add(name);
      return apply(native, self ?? window, given);
    });
  }
};
const noteSetter = (owner, name) => {
  const found = owner ? descriptor(owner, name) : undefined;
  if (!found?.set || !found.configurable) return;
  const { set } = { set(value) { "use strict"; lasting.add(name); apply(found.set, this ?? window, [value]); } };
  defineProperty(owner, name, { ...found, set: conceal(set, found.set) });
};
const noted = new Map(); // some have two names
const noteConstruction = (name) => {
  const found = descriptor(window, name);
  if (typeof found?.value !== "function" || !found.configurable) return;
  const native = found.value;
  const made = noted.get(native) ?? new Proxy(native, {
    construct(_, given, target) {
      lasting.add(name);
      return construct(native, given, target === made ? native : target);
    },
  });
  natives.set(made, native);
  noted.set(native, made);
  defineProperty(window, name, { ...found, value: made });
  const own = native.prototype && descriptor(native.prototype, "constructor");
  if (own?.value === native && own.configurable) defineProperty(native.prototype, "constructor", { ...own, value: made });
};
const constructors = [
  "Animation", "AudioContext", "AudioDecoder", "AudioEncoder", "BarcodeDetector", "CompressionStream",
  "DecompressionStream", "EventSource", "FileReader", "IdleDetector", "ImageCapture", "ImageDecoder", "MediaRecorder",
  "Notification", "OfflineAudioContext", "PaymentRequest", "PresentationRequest", "RTCPeerConnection", "SharedWorker",
  "SpeechRecognition", "VideoDecoder", "VideoEncoder", "WebSocket", "WebSocketStream", "WebTransport", "Worker",
  "webkitAudioContext", "webkitRTCPeerConnection", "webkitSpeechRecognition",
];
constructors.forEach(noteConstruction);
// Interfaces all of whose methods are answered by the browser, its user, a device, or another document.
const interfaces = [
  "Bluetooth", "Cache", "CacheStorage", "Clipboard", "CookieStore", "CredentialsContainer", "GPU", "Geolocation", "HID",
  "LockManager", "MediaCapabilities", "MediaDevices", "Permissions", "PushManager", "Serial", "ServiceWorkerContainer",
  "SpeechSynthesis", "StorageManager", "SubtleCrypto", "USB", "WakeLock", "Worklet", "XRSystem",
];
for (const name of interfaces) {
  const { prototype } = window[name] ?? {};
  if (prototype) noteUse(prototype, keys(Object.getOwnPropertyDescriptors(prototype)).filter((one) => one !== "constructor"));
}
noteUse(window.Document.prototype, [
  "exitFullscreen", "exitPictureInPicture", "requestStorageAccess", "requestStorageAccessFor", "startViewTransition",
]);
noteUse(Element.prototype, ["requestFullscreen", "requestPointerLock", "webkitRequestFullscreen"]);
noteUse(window.HTMLMediaElement.prototype, ["load", "play"]);
noteUse(window.HTMLImageElement.prototype, ["decode"]);
noteUse(window.HTMLCanvasElement.prototype, ["toBlob"]);
noteUse(window.OffscreenCanvas?.prototype, ["convertToBlob"]);
noteUse(window.Blob.prototype, ["arrayBuffer", "bytes", "text"]);
noteUse(window.Navigator.prototype, [
  "getBattery", "getInstalledRelatedApps", "getUserMedia", "requestMIDIAccess", "requestMediaKeySystemAccess", "share",
  "webkitGetUserMedia",
]);
noteUse(window.Performance.prototype, ["measureUserAgentSpecificMemory"]);
noteUse(window.Notification, ["requestPermission"]);
noteUse(window.Atomics, ["waitAsync"]);
noteUse(window.WebAssembly, ["compile", "compileStreaming", "instantiate", "instantiateStreaming"]);
noteUse(window, [
  "createImageBitmap", "getScreenDetails", "queryLocalFonts", "requestFileSystem", "showDirectoryPicker",
  "showOpenFilePicker", "showSaveFilePicker", "webkitRequestFileSystem",
]);
for (const owner of [window, window.Document.prototype, window.HTMLElement.prototype, window.SVGElement.prototype]) {
  noteSetter(owner, "onanimationiteration");
}

for (const name of ["LanguageDetector", "LanguageModel", "Rewriter", "Summarizer", "Translator", "Writer"]) {
  noteUse(window[name], ["availability", "create"]);
}
// A smooth scroll takes its time, and its end is an event.
apply(addEventListener, document, ["scroll", () => { changes += 1; }, { capture: true, passive: true }]);

// Elements by which a document does something later without a script.
const moving = "meta[http-equiv=refresh i], animate, animateMotion, animateTransform, set, marquee, [onanimationiteration]";
const playing = ({ paused, ended, autoplay, readyState }) => (!paused || autoplay && readyState < 3) && !ended;
const moves = () => all(moving).length > 0 || all("audio, video").some(playing);

// Answers the driver's event with a promise of what is outstanding that may bring something within a time, in
// milliseconds; it is looked for when the tasks that are queued have run.
const outstanding = (within) => [
  ...lasting, ...[...begun].map(({ what }) => what),
  ...[...timers.values()].some(({ due }) => due <= now() + within) ? ["timer"] : [],
  ...document.readyState === "complete" ? [] : ["loading"],
  ...inFrame && window.frameElement === null ? ["another origin's frame"] : [],
  ...navigator.serviceWorker?.controller ? ["service worker"] : [],
  ...animated() ? ["animation"] : [], ...moves() ? ["moving element"] : [],
  // A clock that Playwright puts forward runs timers that it has taken over.
  ..."__pwClock" in window ? ["clock"] : [],
];
apply(addEventListener, window, [setup.quiet, ({ detail }) => {
  detail.told = new Promise((done) => {
    apply(nativeSetTimeout, window, [() => done({ outstanding: outstanding(detail.within), changes })]);
  });
}]);
