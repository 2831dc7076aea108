// The first test of how this app connects a Facebook account, on Playwright Test and without the network. The address of
// the page stands in oauth-window.toml; `pip install oauth-window-harness` installs the command that the fixture starts,
// and OAUTH_WINDOW names it where it is not on the PATH. The fixture beside this file is a copy: it is yours to commit.
import { existsSync, readFileSync } from "node:fs";
import { expect, test as base } from "@playwright/test";
import { withOAuthWindow } from "./oauth-window-playwright/index.mjs";

const test = withOAuthWindow(base);
test.use({ oauthWindowCommand: [process.env.OAUTH_WINDOW ?? "oauth-window"] });

test("a user connects Facebook", async ({ page, oauthWindow }) => {
  await page.goto(address());
  const button = page.getByRole("button", { name: /facebook/i }); // your page's button
  await oauthWindow.expectEvent(() => button.click());
  expect((await oauthWindow.followUp()).status).toBe(200);
  expect(await oauthWindow.firstBrokenLink()).toBeNull();
});

function address() {
  const file = new URL("../oauth-window.toml", import.meta.url);
  const [, app] = (existsSync(file) && /^app\s*=\s*["'](.*?)["']/m.exec(readFileSync(file, "utf8"))) || [];
  if (!app) throw new Error("no page is named: write its address into oauth-window.toml, as app");
  return app;
}
