// The first test of how this app connects a Facebook account, in a real browser and without the network: run it by
// `node --test`. The address of the page stands in oauth-window.toml; `pip install oauth-window-harness` installs the
// command, and OAUTH_WINDOW names it where it is not on the PATH.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { dirname } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const command = process.env.OAUTH_WINDOW ?? "oauth-window";
const project = dirname(dirname(fileURLToPath(import.meta.url)));

test("a user connects Facebook", (t) => {
  const options = { cwd: project, encoding: "utf8", maxBuffer: 1 << 28 };
  const done = spawnSync(command, ["run", "--json", "account-200"], options);
  assert.ifError(done.error); // ENOENT: the command is not installed
  assert.ok(done.stdout, done.stderr);

  const { app, causes, error } = JSON.parse(done.stdout);
  const cause = causes.find(({ severity, known }) => severity === "error" && !known);
  assert.ok(!cause, cause && told(cause));
  assert.equal(error, null, done.stderr);
  assert.equal(done.status, 0, done.stderr);
  if (app === "reference") {
    t.diagnostic("played on the bundled reference app: write your page's address into oauth-window.toml, as app");
  }
});

function told({ code, message, evidence, mend, again }) {
  const seen = evidence.map((line) => `  seen: ${line}`);
  return [`${code}: ${message}`, ...seen, `  mend: ${mend}`, `  again: ${again}`].join("\n");
}
