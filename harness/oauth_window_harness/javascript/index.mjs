// A fixture for Playwright Test, on `oauth-window serve`. It imports nothing of Playwright's: a suite extends its own test,
//
//   import { test as base } from "@playwright/test";
//   import { withOAuthWindow } from "oauth-window-playwright";
//   const test = withOAuthWindow(base);
//
// and each test then has a window, a key and a location of its own, on one server for each worker.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const SERVICE = "https://services.leadconnectorhq.com";
/** The function that takes the observer's reports, if the suite has exposed it: so no policy of the page is in the way. */
const BINDING = "__oauthWindow";
const CONTROLS = { "log-in": "login-submit", continue: "privacy-continue", approve: "consent-approve", cancel: "consent-cancel" };
const STEPS = ["click", "close", "linger", ...Object.keys(CONTROLS)];
const LOOPBACK = "localhost,127.0.0.1,[::1],.localhost";

/** What a test asks and is told; see index.d.mts. */
class OAuthWindow {
  #context;
  #patience;
  #actionTimeout;

  constructor(server, key, context, patience, actionTimeout) {
    this.server = server;
    this.key = key;
    this.location = locationOf(key);
    this.#context = context;
    this.#patience = patience;
    this.#actionTimeout = actionTimeout;
  }

  async scenario(name) {
    return call(this.server, this.key, "PUT", "scenario", { location: this.location }, JSON.stringify({ name }));
  }

  async expectEvent(action, { patience = this.#patience } = {}) {
    await this.expectEnd(action, { patience });
    const { events } = await this.#get("events", { patience });
    const event = events.find(({ origin, source, delivered }) => delivered && origin === SERVICE && source === "popup");
    if (event) return event;
    throw await this.#missing("no event reached the page", patience);
  }

  async expectEnd(action, { patience = this.#patience } = {}) {
    const { user, blocked } = await this.#get("scenario");
    const unknown = user.find((step) => !STEPS.includes(step));
    if (unknown) throw new Error(`this fixture cannot play the step ${unknown}: play the scenario with \`oauth-window run\``);
    const windows = [];
    const keep = (window) => windows.push(window);
    this.#context.on("page", keep);
    try {
      await this.#take(user, { action, patience, windows, blocked });
    } finally {
      this.#context.off("page", keep);
    }
  }

  /** Takes the user's steps, each in the window that opened last. */
  async #take(user, { action, patience, windows, blocked }) {
    let opened = null;
    for (const [place, step] of user.entries()) {
      const [before, after] = [user[place - 1], user[place + 1]];
      const popup = windows.findLast((window) => !window.isClosed());
      if (step === "linger") await this.#reacts(patience);
      else if (step === "close") await popup?.waitForLoadState().then(() => popup.close());
      else if (step !== "click") await this.#press(popup, step, patience);
      else {
        // A user who has closed the window clicks again when the page has said so.
        if (before === "close") await this.#reacts(patience);
        if (before !== "click") opened = this.#context.waitForEvent("page", { timeout: patience * 1000 }).catch(() => null);
        await (before === "click" ? this.#again(action, patience) : action());
        if (blocked || after === "click") continue;
        if (!(await opened) && !(after === "close" && await this.#wasRefused())) throw await this.#missing("no window opened", patience);
        // The user goes on when the second click has led to whatever it leads to: another window, or none.
        if (before === "click") await this.#reacts(1);
      }
    }
  }

  /** Clicks a second time: what the page has disabled, covered or taken away by then cannot be clicked, as it should be. */
  async #again(action, patience) {
    this.#context.setDefaultTimeout(patience * 1000);
    try {
      await action();
    } catch (error) {
      if (error.name !== "TimeoutError") throw error;
    } finally {
      this.#context.setDefaultTimeout(this.#actionTimeout);
    }
  }

  async #press(popup, step, patience) {
    try {
      await popup.locator(`[data-testid="${CONTROLS[step]}"]`).click({ timeout: patience * 1000 });
    } catch {
      throw await this.#missing(`the user could not go on in the window: ${step}`, patience);
    }
  }

  /** Waits until the page has told its user, or has done nothing more for as long as it may take. */
  async #reacts(patience) {
    await this.#get("findings", { patience, clicked: true });
  }

  /** Tells whether the page's server asked for start itself, and was refused: then there is no window to close. */
  async #wasRefused() {
    return (await this.requests()).some(({ endpoint, sent_by: by, status }) => endpoint === "start" && by === "server" && status >= 400);
  }

  async followUp({ patience = this.#patience } = {}) {
    const answer = await ask(this.server, this.key, "GET", "follow-up", { patience });
    if (answer.status === 404) throw await this.#missing("no account GET followed the event", patience);
    return resultOf(answer);
  }

  async findings({ patience = this.#patience, clicked = true } = {}) {
    return this.#get("findings", { patience, clicked });
  }

  async firstBrokenLink({ patience = this.#patience, clicked = true } = {}) {
    return (await this.#get("first-broken-link", { patience, clicked })).first_broken_link;
  }

  async requests() {
    return (await this.#get("requests")).requests;
  }

  #get(path, query = {}) {
    return call(this.server, this.key, "GET", path, query);
  }

  async #missing(what, patience) {
    const { first_broken_link: first, unjudged } = await this.#get("first-broken-link", { patience: 1, clicked: true });
    const { file, line, column } = first?.place ?? {};
    const at = file && `at ${file}:${line}:${column}`;
    const lines = first ? [`first broken link: ${first.code}: ${first.message}`, at, ...first.evidence, first.mend] : [unjudged];
    return new Error([`${what} within ${patience} s`, ...lines.filter(Boolean)].join("\n  "));
  }
}

const locationOf = (key) => createHash("sha256").update(key).digest("hex").slice(0, 20);

const ask = (server, key, method, path, query = {}, body = undefined) =>
  fetch(`${server.stub}/__harness/keys/${key}/__harness/${path}?${new URLSearchParams(query)}`, { method, body });

const call = async (...given) => resultOf(await ask(...given));

const resultOf = async (answer) => {
  if (answer.ok) return answer.json();
  const { title, detail } = await answer.json();
  throw new Error(`${title}: ${detail}`);
};

/** Starts a server, and gives its addresses and how it is ended. */
const start = async (command) => {
  const folder = await mkdtemp(join(tmpdir(), "oauth-window-"));
  const file = join(folder, "ready.json");
  const [program, ...words] = command;
  const all = [...words, "serve", "--port", "0", "--gateway-port", "0", "--ready-file", file];
  const child = spawn(program, all, { stdio: ["ignore", "pipe", "inherit"] });
  process.once("exit", () => child.kill());
  const failed = new Promise((_, reject) => {
    child.once("error", (error) => reject(new Error(`${program} cannot be started (${error.code}): pip install oauth-window-harness`)));
    child.once("exit", (code) => reject(new Error(`${program} serve has ended with exit code ${code}`)));
  });
  failed.catch(() => {});
  // It says where it listens once the file is there.
  await Promise.race([once(createInterface({ input: child.stdout }), "line"), failed]);
  child.stdout.resume();
  const ready = JSON.parse(await readFile(file, "utf8"));
  return {
    ready,
    end: async () => {
      if (child.exitCode === null && child.kill("SIGTERM")) await once(child, "exit");
      await rm(folder, { recursive: true, force: true });
    },
  };
};

const fixtures = {
  oauthWindowCommand: [["oauth-window"], { option: true, scope: "worker" }],
  oauthWindowReadyFile: ["", { option: true, scope: "worker" }],
  oauthWindowScenario: ["account-200", { option: true }],
  oauthWindowPatience: [5, { option: true }],

  oauthWindowServer: [async ({ oauthWindowCommand, oauthWindowReadyFile }, use) => {
    if (oauthWindowReadyFile) {
      await use(JSON.parse(await readFile(oauthWindowReadyFile, "utf8")));
      return;
    }
    const { ready, end } = await start(oauthWindowCommand);
    try {
      await use(ready);
    } finally {
      await end();
    }
  }, { scope: "worker" }],

  oauthWindowKey: async ({ oauthWindowServer, oauthWindowScenario }, use, testInfo) => {
    const key = `${testInfo.testId}-${testInfo.workerIndex}-${testInfo.retry}-${testInfo.repeatEachIndex}`;
    const query = { location: locationOf(key), observer: true };
    await call(oauthWindowServer, key, "PUT", "scenario", query, JSON.stringify({ name: oauthWindowScenario }));
    await use(key);
  },

  proxy: async ({ proxy, oauthWindowServer }, use) => {
    const bypass = [LOOPBACK, proxy?.bypass].filter(Boolean).join(",");
    await use({ server: oauthWindowServer.gateway, bypass });
  },
  ignoreHTTPSErrors: async ({}, use) => use(true),
  extraHTTPHeaders: async ({ extraHTTPHeaders, oauthWindowKey }, use) =>
    use({ ...extraHTTPHeaders, "X-Oauth-Window-Key": oauthWindowKey }),

  context: async ({ context, oauthWindowServer, oauthWindowKey }, use) => {
    await context.exposeBinding(BINDING, async (_source, reports) => {
      await ask(oauthWindowServer, oauthWindowKey, "POST", "reports", {}, reports).catch(() => {});
    });
    const observer = await ask(oauthWindowServer, oauthWindowKey, "GET", "observer.js");
    await context.addInitScript({ content: await observer.text() });
    await use(context);
  },

  oauthWindow: async ({ oauthWindowServer, oauthWindowKey, oauthWindowPatience, actionTimeout, context }, use, testInfo) => {
    const window = new OAuthWindow(oauthWindowServer, oauthWindowKey, context, oauthWindowPatience, actionTimeout ?? 0);
    await use(window);
    if (testInfo.status === testInfo.expectedStatus) return;
    const found = await window.findings({ patience: 1, clicked: false });
    await testInfo.attach("oauth-window", { body: JSON.stringify(found, null, 2), contentType: "application/json" });
  },
};

/** Gives a test that has the fixtures. */
export const withOAuthWindow = (test) => test.extend(fixtures);
