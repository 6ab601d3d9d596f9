/** Conversations in the page: what arrives, what one writes and presses as the customer, in one tab and in two. */
import { expect, test } from "vitest";

import { closeBrowserAfterAll, noBrowser, openTab } from "./browser.ts";
import { scene } from "./scene.ts";

const SHEENA = "16505551234";

closeBrowserAfterAll();

test.skipIf(noBrowser)("a message typed in the page is answered by the app, and a pressed button is, too", async () => {
  const shop = await scene();
  const { page } = await openTab(shop.url);
  await page.getByText("Write a message below to start.").waitFor();
  await page.keyboard.press("c");
  await page.keyboard.type("Is there a seat left?");
  await page.keyboard.press("Enter");
  const reply = page.locator(".bubble.from-app").first();
  await reply.getByText("Shall we keep your seat").waitFor();
  expect(await reply.locator("blockquote").count()).toBe(0);
  await reply.getByRole("img", { name: "read" }).waitFor();
  await reply.getByRole("button", { name: "Keep it" }).click();
  const pressed = page.locator(".bubble.from-customer").nth(1);
  await pressed.getByText("Keep it").waitFor();
  expect(await pressed.locator("blockquote").innerText()).toContain("Shall we keep your seat");
  await page.locator(".bubble.from-app").nth(1).waitFor();
  expect(shop.emulator.requests.length).toBeGreaterThanOrEqual(2);
});

test.skipIf(noBrowser)(
  "any kind can be sent as JSON that begins with an example, and an earlier message be quoted",
  async () => {
    const shop = await scene();
    await shop.write("Hello");
    const { page } = await openTab(`${shop.url}/#/conversations/${SHEENA}`);
    await page.locator(".bubble").nth(1).waitFor();
    await page.getByLabel("Kind of message").selectOption("location");
    const json = page.getByLabel("Message as JSON");
    const example = JSON.parse(await json.inputValue()) as { location: { name?: string } };
    await json.fill("{");
    await page.getByText("This is not a JSON object").waitFor();
    expect(await page.getByRole("button", { name: "Send" }).isDisabled()).toBe(true);
    await json.fill(JSON.stringify({ ...example, location: { ...example.location, name: "Pier 7" } }));
    await page.getByRole("button", { name: "Send" }).click();
    await page.locator(".bubble.from-customer").getByText("Pier 7").waitFor();
    const greeting = page.locator(".bubble.from-customer").first();
    await greeting.getByRole("button", { name: "Quote this message" }).click();
    await page.getByLabel("Message", { exact: true }).fill("I mean this");
    await page.keyboard.press("Enter");
    const quoting = page.locator(".bubble.from-customer", { hasText: "I mean this" });
    await quoting.waitFor();
    expect(await quoting.locator("blockquote").innerText()).toContain("Hello");
  },
);

test.skipIf(noBrowser)(
  "two tabs show the same; what one has read is read in the other, and both survive reloading",
  async () => {
    const shop = await scene();
    const first = await openTab(`${shop.url}/#/deliveries`);
    await first.page.getByText("No deliveries yet").waitFor();
    await shop.write("Hello from somewhere");
    await first.page.waitForURL(/deliveries/);
    await expect.poll(() => first.page.title()).toBe("(1) Deliveries · wa-hook");
    const second = await first.another(`${shop.url}/#/conversations/${SHEENA}`);
    await second.page.getByText("Hello from somewhere").last().waitFor();
    await expect.poll(() => second.page.title()).toBe("Conversations · wa-hook");
    await first.page.reload();
    await first.page.getByText("Hello from somewhere").first().waitFor();
    await expect.poll(() => first.page.title()).toBe("Deliveries · wa-hook");
    await second.page.reload();
    await second.page.locator(".bubble.from-app").waitFor();
    expect(second.errors).toEqual([]);
  },
);

test.skipIf(noBrowser)("paused, the page counts what arrives, and shows it when resumed", async () => {
  const shop = await scene();
  await shop.write("Before");
  const { page } = await openTab(`${shop.url}/#/conversations/${SHEENA}`);
  await page.locator(".bubble.from-app").first().waitFor();
  await page.keyboard.press("p");
  await page.getByText("Paused").waitFor();
  await shop.write("Meanwhile");
  await page.getByText(/Paused, \d+ new/).waitFor();
  await shop.until(`/api/conversations/${SHEENA}`, ({ bubbles }) => bubbles[3]?.state === "read");
  expect(await page.locator(".bubble", { hasText: "Meanwhile" }).count()).toBe(0);
  await page.keyboard.press("p");
  await page.locator(".bubble.from-customer", { hasText: "Meanwhile" }).waitFor();
});

test.skipIf(noBrowser)("j and k go through people, / searches, ? shows the keys", async () => {
  const shop = await scene();
  await shop.write("One", { number: "16505550101", name: "First" });
  await shop.write("Two", { number: "16505550102", name: "Second" });
  const { page } = await openTab(shop.url);
  await page.locator(".person").nth(1).waitFor();
  await page.keyboard.press("j");
  await page.waitForURL(/16505550102/);
  await page.keyboard.press("j");
  await page.waitForURL(/16505550101/);
  await page.keyboard.press("k");
  await page.waitForURL(/16505550102/);
  await page.keyboard.press("/");
  await page.keyboard.type("First");
  await expect.poll(() => page.locator(".person").count()).toBe(1);
  await page.keyboard.press("Escape");
  await page.keyboard.press("?");
  await page.getByRole("dialog").getByText("Replay the delivery that is open").waitFor();
  await page.keyboard.press("Escape");
  await expect.poll(() => page.getByRole("dialog").count()).toBe(0);
});
