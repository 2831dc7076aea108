// Leads a backend on Node.js to the stub. A Node that takes its proxy from the environment by itself (24, and 22.21) needs
// nothing of this. `--require` loads it: older versions of Node refuse `--import` in NODE_OPTIONS, and do not start.
"use strict";
const proxy = process.env.HTTPS_PROXY;
if (proxy && !process.allowedNodeEnvironmentFlags.has("--use-env-proxy")) {
  const https = require("node:https");
  const net = require("node:net");
  const path = require("node:path");
  const tls = require("node:tls");
  const { createRequire } = require("node:module");
  const passed = (process.env.NO_PROXY ?? "").split(",").map((name) => name.trim()).filter(Boolean);
  const isPassed = (host) => passed.includes(host) || host.endsWith(".localhost");

  // What asks by node:https, as most libraries do.
  class Tunnel extends https.Agent {
    createConnection(options, done) {
      const { host, port, servername } = options;
      if (isPassed(host)) return super.createConnection(options, done);
      const { hostname, port: proxyPort } = new URL(proxy);
      const socket = net.connect(Number(proxyPort), hostname);
      socket.once("error", done);
      socket.write(`CONNECT ${host}:${port} HTTP/1.1\r\nHost: ${host}:${port}\r\n\r\n`);
      let head = "";
      socket.on("data", function read(part) {
        head += part.toString("latin1");
        if (!head.includes("\r\n\r\n")) return;
        socket.off("data", read);
        socket.off("error", done);
        const line = head.slice(0, head.indexOf("\r\n"));
        if (line.includes(" 200")) done(null, tls.connect({ ...options, socket, servername: servername || host }));
        else done(new Error(`${host}: the proxy answered ${line}`));
      });
      return undefined;
    }
  }
  https.globalAgent = new Tunnel({ keepAlive: true });

  // Node's own fetch: its undici is not to be had, but takes the dispatcher of the project's.
  const find = () => {
    for (const folder of [process.cwd(), path.dirname(process.argv[1] ?? "")]) {
      try {
        return createRequire(path.join(folder, "package.json"))("undici");
      } catch { /* not there */ }
    }
    return {};
  };
  const { EnvHttpProxyAgent, setGlobalDispatcher } = find();
  if (EnvHttpProxyAgent) setGlobalDispatcher(new EnvHttpProxyAgent());
  else if (globalThis.fetch) {
    const { fetch } = globalThis;
    // What is no address is left to fetch itself, whose promise it rejects.
    const hostOf = (address) => { try { return new URL(address).hostname; } catch { return ""; } };
    let isTold = false;
    globalThis.fetch = function (input) {
      const hostname = hostOf(input?.url ?? String(input));
      if (hostname && !isTold && !isPassed(hostname)) {
        isTold = true;
        process.stderr.write(`ERROR oauth-window: the fetch of Node ${process.versions.node} takes no proxy, so ${hostname} `
          + "is asked for outside of the tests: run on Node 24, or `npm install --save-dev undici@6`\n");
      }
      return fetch.apply(this, arguments);
    };
  }
}
