/** What the page does besides showing: the emulator's controls, the response without an app; and what it does when wa-hook restarts. */
import { expect, test } from "vitest";

import { startInspector } from "../../../src/inspector/server.ts";
import { startStandIn } from "../../../src/inspector/stand-in.ts";
import { openPage, stage } from "../stage.ts";
import { closeBrowserAfterAll, noBrowser, openTab } from "./browser.ts";
import { scene } from "./scene.ts";

const SHEENA = "16505551234";

closeBrowserAfterAll();

test.skipIf(noBrowser)(
  "an injected failure is seen in the request and in the conversation, with its remedy",
  async () => {
    const shop = await scene();
    const { page } = await openTab(`${shop.url}/#/controls`);
    await page.getByLabel("Error code").fill("131026");
    await page.getByRole("button", { name: "Inject" }).click();
    await page.getByText("131026: all requests to messages, 1 time").waitFor();
    await shop.write("Hello");
    await page.getByRole("link", { name: "Requests" }).click();
    await page.locator(".rows-slot", { hasText: "400" }).click();
    await page.locator(".facts").getByText("131026").first().waitFor();
    await page.goto(`${shop.url}/#/conversations/${SHEENA}`);
    const failed = page.locator(".bubble.from-app");
    await failed.locator(".remedy").waitFor();
    expect(await failed.getByRole("img", { name: "failed" }).count()).toBe(1);
  },
);

test.skipIf(noBrowser)("a day later on the emulator's clock the window is closed", async () => {
  const shop = await scene();
  await shop.write("Hello");
  const { page } = await openTab(`${shop.url}/#/controls`);
  await page.getByRole("group", { name: "Advance the clock" }).getByRole("button", { name: "24 h" }).click();
  await page.getByText("Clock advanced by 24 h").waitFor();
  await page.goto(`${shop.url}/#/conversations/${SHEENA}`);
  await page.getByText("24-hour window is closed").waitFor();
  expect(shop.emulator.now() - Date.now()).toBeGreaterThan(86_000_000);
});

test.skipIf(noBrowser)("without an app, the response to deliveries is set in the page", async () => {
  const { sources } = await stage();
  await using standIn = await startStandIn();
  const { url } = await openPage({ ...sources, standIn });
  const { page } = await openTab(`${url}/#/controls`);
  const panel = page.getByRole("region", { name: "Response without an app" });
  await panel.getByLabel("Status").fill("503");
  await panel.getByRole("button", { name: "Set response" }).click();
  await page.getByText("Response changed").waitFor();
  expect(standIn.response.status).toBe(503);
});

test.skipIf(noBrowser)("after a restart of wa-hook the page says so, and works once it is reloaded", async () => {
  const { inspector, sources, emulator, url } = await stage({ reply: () => undefined });
  const { page } = await openTab(url, {}, /ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED|ERR_CONNECTION_RESET/);
  await page.getByText("Live", { exact: true }).waitFor();
  await inspector.close();
  await page.getByText("Disconnected").waitFor();
  await using again = await startInspector(Number(new URL(url).port), sources);
  expect(again.url).toBe(url);
  await page.getByText("Restarted").waitFor();
  await page.getByRole("button", { name: "Reload" }).click();
  await page.getByText("Live", { exact: true }).waitFor();
  await emulator.receive("after the restart");
  await page.getByText("after the restart").first().waitFor();
});
