"""Pages that react to a click late, each by another source, or never; and the server that they have."""

from __future__ import annotations

import threading
from collections.abc import Iterator

from werkzeug import Request, Response

#: How long the pages are silent before they react, in seconds; much longer than a quiet page is looked at.
LATE = 1.3

#: What a page waits for after the click, by its source; each reacts by `done()`, after `late` milliseconds.
REACTIONS = {
    "timer": "setTimeout(done, late)",
    "timer of text": "setTimeout('done()', late)",
    "timers one after another": "let n = 0; const f = () => { ++n > 9 ? done() : setTimeout(f, 150); }; f()",
    "timers cleared but one": "clearInterval(setTimeout(f, 9)); clearTimeout(setInterval(f, 9)); "
    "setTimeout(done, late)",
    "interval": "let n = 0; const i = setInterval(() => { if (++n > 3) { clearInterval(i); done(); } }, 350)",
    "interval of text": "setInterval('window.n = (window.n ?? 0) + 1; if (n > 3) done()', 350)",
    "frames of animation": "const g = () => { ticks++ > 70 ? done() : requestAnimationFrame(g); }; let ticks = 0; g()",
    "idle callback": "requestIdleCallback(() => setTimeout(done, late), { timeout: 400 })",
    "posted task": "scheduler.postTask(done, { delay: late })",
    "fetch": "fetch('/late').then((answer) => answer.json()).then(done)",
    "body of a fetch": "fetch('/late-body').then((answer) => answer.text()).then(done)",
    "fetch that is given up": "fetch('/late', { signal: AbortSignal.timeout(900) }).catch(done)",
    "request": "const x = new XMLHttpRequest(); x.open('GET', '/late'); x.onload = done; x.send()",
    "request that is given up": "const x = new XMLHttpRequest(); x.open('GET', '/later'); x.timeout = late; "
    "x.ontimeout = done; x.send()",
    "signal": "AbortSignal.timeout(late).addEventListener('abort', done)",
    "signal of several": "AbortSignal.any([AbortSignal.timeout(late)]).onabort = done",
    "web socket": "new WebSocket(`ws://${location.host}/none`).onerror = () => setTimeout(done, late)",
    "event source": "const e = new EventSource('/events'); e.onmessage = () => { e.close(); done(); }",
    "worker": "new Worker('/worker.js').onmessage = done",
    "worker of a frame": "new (frame().Worker)('/worker.js').onmessage = done",
    "shared worker": "new SharedWorker('/shared.js').port.onmessage = done",
    "worker's broadcast": "new BroadcastChannel('all').onmessage = done; new Worker('/caster.js')",
    "another tab's broadcast": "new BroadcastChannel('all').onmessage = done; open('/tab', '_blank', 'noopener')",
    "another tab's storage": "onstorage = done; open('/storing', '_blank', 'noopener')",
    "frame's timer": "frame().setTimeout(done, late)",
    "frame's own script": "frame().document.write('<script>setTimeout(() => parent.done(), 1300)</' + 'script>'); "
    "frames[0].document.close()",
    "frame of text": "frame().frameElement.srcdoc = '<script>setTimeout(() => parent.done(), 1300)</' + 'script>'",
    "sandboxed frame": "onmessage = done; const f = document.createElement('iframe'); f.sandbox = 'allow-scripts'; "
    "f.srcdoc = `<script>setTimeout(() => parent.postMessage(1, '*'), 1300)</` + 'script>'; document.body.append(f)",
    "frame's document": "const f = frame().frameElement; f.onload = done; f.src = '/late'",
    "transition": "style('p { transition: opacity 1.3s }'); p.style.opacity = 0.5; p.ontransitionend = done",
    "late transition": "style('p { transition: opacity 1ms 1.3s }'); p.style.opacity = 0.5; p.ontransitionend = done",
    "animation": "style('p { animation: fade 1.3s }'); p.onanimationend = done",
    "rounds of an animation": "style('p { animation: fade 0.5s infinite }'); let n = 0; "
    "p.onanimationiteration = () => { if (++n > 2) done(); }",
    "rounds, listened for": "style('p { animation: fade 0.5s infinite }'); let n = 0; "
    "addEventListener('animationiteration', () => { if (++n > 2) done(); })",
    "animation by script": "p.animate([{ opacity: 1 }, { opacity: 0.5 }], late).finished.then(done)",
    "animation of nothing shown": "document.createElement('p').animate([{ opacity: 0 }], late).onfinish = done",
    "constructed animation": "const a = new Animation(new KeyframeEffect(p, [{ opacity: 0 }], late)); "
    "a.onfinish = done; a.play()",
    "animation in a shadow": "const d = document.createElement('div'); document.body.append(d); "
    "const s = d.attachShadow({ mode: 'closed' }); s.innerHTML = `<style>@keyframes fade { to { opacity: 0.5 } } "
    "b { animation: fade 1.3s }</style><b>shadow</b>`; s.querySelector('b').onanimationend = done",
    "animated drawing": "p.innerHTML = '<svg><rect><animate attributeName=x to=5 dur=1.3s begin=indefinite>'; "
    "const a = p.querySelector('animate'); a.addEventListener('endEvent', () => { p.after('done'); done(); }); "
    "a.beginElement()",
    "view transition": "document.startViewTransition(() => fetch('/late')).finished.then(done)",
    "database": "const o = indexedDB.open('d', 1); o.onupgradeneeded = () => o.result.createObjectStore('s'); "
    "o.onsuccess = () => { const t = o.result.transaction('s', 'readwrite'); const keep = () => "
    "{ t.objectStore('s').put(1, 1).onsuccess = performance.now() < end ? keep : done; }; keep(); }",
    "blocked database": "const o = indexedDB.open('e', 1); o.onsuccess = () => { "
    "setTimeout(() => o.result.close(), late); indexedDB.deleteDatabase('e').onsuccess = done; }",
    "module": "import('/late.js').then(done)",
    "script": "add('script', { src: '/late.js', onload: done })",
    "image": "Object.assign(new Image(), { onload: done, onerror: done, src: '/late.png' })",
    "style sheet": "add('link', { rel: 'stylesheet', href: '/late.css', onload: done })",
    "sound": "const a = new Audio('/none.wav'); a.play().catch(() => setTimeout(done, late))",
    "lock": "navigator.locks.request('a', () => fetch('/late')); navigator.locks.request('a', done)",
    "clipboard": "navigator.clipboard.writeText('').catch(f).then(() => setTimeout(done, late))",
    "permission": "Notification.requestPermission().then(() => setTimeout(done, late))",
    "cipher": "crypto.subtle.generateKey({ name: 'RSASSA-PKCS1-v1_5', modulusLength: 2048, hash: 'SHA-256', "
    "publicExponent: new Uint8Array([1, 0, 1]) }, true, ['sign']).then(() => setTimeout(done, late))",
    "shared memory": "Atomics.waitAsync(new Int32Array(new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true })"
    ".buffer), 0, 0, late).value.then(done)",
    "changes one after another": "let n = 0; new MutationObserver(() => { ++n > 5 ? done() : "
    "setTimeout(() => { p.dataset.n = n; }, 220); }).observe(p, { attributes: true }); p.dataset.n = 0",
    "stream": "new ReadableStream({ async pull(c) { await new Promise((go) => setTimeout(go, 450)); "
    "performance.now() > end ? done() : c.enqueue(1); } }, { highWaterMark: 9 })",
    "work without a pause": "Promise.resolve().then(() => { while (performance.now() < end); })"
    ".then(() => setTimeout(done))",
    "another document": "sessionStorage.again = 1; setTimeout(() => location.reload(), 700)",
    "document that refreshes itself": "sessionStorage.again = 1; add('meta', { httpEquiv: 'refresh', content: '2' })",
    "slow document": "sessionStorage.again = 1; location.href = '/late-page'",
}

#: Pages of which nothing comes, whatever they have done.
SILENT = {
    "nothing": "",
    "all cleared": "clearTimeout(setTimeout(done, 9999)); clearInterval(setInterval(f, 300)); "
    "cancelAnimationFrame(requestAnimationFrame(f)); cancelIdleCallback(requestIdleCallback(f))",
    "timers for much later": "setTimeout(done, 600000); setInterval(done, 60000)",
    "spinner": "style('p { animation: fade 0.5s infinite }')",
    "promise that nobody keeps": "new Promise(f).then(done)",
    "all that ended": "fetch('/quick').then((answer) => answer.json()); p.animate([{ opacity: 0 }], 200); "
    "setTimeout(f, 200); requestAnimationFrame(f); indexedDB.open('f', 1)",
    "frame": "frame().setTimeout(f, 100)",
    "error": "setTimeout(() => { throw new Error('gone'); }, 100)",
    "listeners": "addEventListener('message', done); addEventListener('focus', f); addEventListener('storage', done)",
}

PAGE = """<!doctype html><meta charset=utf-8><button onclick="go()">go</button><p>p</p><script>
const late = LATE, p = document.querySelector("p"), f = () => {};
function done() { p.textContent = "it reacted"; }
const add = (name, fields) => document.head.append(Object.assign(document.createElement(name), fields));
const style = (text) => { add("style", { textContent: "@keyframes fade { to { opacity: 0.5 } }" + text });
  getComputedStyle(p).opacity; };
const frame = () => { const made = document.createElement("iframe"); document.body.append(made);
  return made.contentWindow; };
if (sessionStorage.again) { delete sessionStorage.again; done(); }
function go() {
  window.open("/quick").close();
  const end = performance.now() + late;
  CODE
}
</script>"""

SCRIPTS = {
    "/worker.js": "setTimeout(() => postMessage(1), 1300)",
    "/shared.js": "onconnect = ({ ports }) => setTimeout(() => ports[0].postMessage(1), 1300)",
    "/caster.js": "setTimeout(() => new BroadcastChannel('all').postMessage(1), 1300)",
}
TABS = {
    "/tab": "<script>setTimeout(() => new BroadcastChannel('all').postMessage(1), 1300)</script>",
    "/storing": "<script>setTimeout(() => { localStorage.now = performance.now(); }, 1300)</script>",
}

#: Pages that tell their server something upon the click; what they then have outstanding is nothing.
ASKING = {
    "beacon": "navigator.sendBeacon('/told')",
    "picture": "new Image().src = '/told'",
    "call": "fetch('/told')",
    "other tab": "open('/told').close()",
}

_never = threading.Event()


def answer(request: Request) -> Response:
    path = request.path
    if path in SCRIPTS:
        return Response(SCRIPTS[path], content_type="text/javascript")
    if path in TABS:
        return Response(TABS[path], content_type="text/html")
    if path in ("/late-body", "/events"):
        return Response(late_lines(), content_type="text/event-stream" if path == "/events" else "text/plain")
    if path.startswith("/late"):
        _never.wait(LATE + 1 if path == "/later" else LATE)
        kinds = {"js": "text/javascript", "css": "text/css", "png": "image/png", "/late-page": "text/html"}
        kind = kinds.get(path.rpartition(".")[2], "application/json")
        return Response(page("") if path == "/late-page" else "" if "." in path else "{}", content_type=kind)
    if path == "/page":
        code = {**REACTIONS, **SILENT, **ASKING}[request.args["name"]]
        return Response(page(code), content_type="text/html")
    return Response("{}", 404 if path.startswith("/none") else 200, content_type="application/json")


def late_lines() -> Iterator[bytes]:
    yield b": soon\n\n"
    _never.wait(LATE)
    yield b"data: late\n\n"


def page(code: str) -> str:
    return PAGE.replace("LATE", str(round(LATE * 1000))).replace("CODE", code)
