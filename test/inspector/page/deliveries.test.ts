/** Deliveries in the page: as they arrive, filtered, replayed, edited, compared, and thousands of them. */
import { expect, test } from "vitest";

import { sign } from "../../../src/webhook/signature.ts";
import { APP_SECRET, post, wireOf } from "../../support/http.ts";
import { receivedValue, textItem } from "../../support/received.ts";
import { closeBrowserAfterAll, noBrowser, openTab } from "./browser.ts";
import { scene } from "./scene.ts";

closeBrowserAfterAll();

test.skipIf(noBrowser)("a delivery appears as it arrives, with what the app made of it", async () => {
  const shop = await scene();
  const { page } = await openTab(`${shop.url}/#/deliveries`);
  await page.getByText("No deliveries yet").waitFor();
  await post(shop.listener.url, wireOf("text", "wamid.live"));
  const row = page.locator(".rows-slot .row", { hasText: "text" }).last();
  await row.getByText("accepted").waitFor();
  await row.getByText(/200 in/).waitFor();
  expect(await row.locator("time").innerText()).toMatch(/^\d\d:\d\d:\d\d$/);
});

test.skipIf(noBrowser)("filters limit the table, stand in the address, and hold for what arrives later", async () => {
  const shop = await scene();
  await shop.write("About hinges", { number: "16505550101", name: "First" });
  await shop.write("About doors", { number: "16505550102", name: "Second" });
  const { page } = await openTab(`${shop.url}/#/deliveries`);
  await page.locator(".rows-slot").nth(3).waitFor();
  await page.keyboard.press("/");
  await page.keyboard.type("hinges");
  await page.getByText("1 delivery", { exact: true }).waitFor();
  await page.waitForURL(/search=hinges/);
  await shop.write("More about hinges", { number: "16505550101", name: "First" });
  await page.getByText("2 deliveries", { exact: true }).waitFor();
  await shop.write("More about doors", { number: "16505550102", name: "Second" });
  await page.reload();
  await page.getByText("2 deliveries", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Clear" }).click();
  await page.getByLabel("Kind").fill("text");
  await page.getByText("4 deliveries", { exact: true }).waitFor();
  await page.getByLabel("Sender").fill("+1 650 555 0102");
  await page.getByText("2 deliveries", { exact: true }).waitFor();
  await page.getByLabel("Status").selectOption("rejected");
  await page.getByText("No delivery matches").waitFor();
  expect(new URL(page.url()).hash).toContain("status=rejected");
});

test.skipIf(noBrowser)("a delivery is replayed as it was and edited, encoded and signed as Meta does", async () => {
  const shop = await scene();
  await post(shop.listener.url, wireOf("text", "wamid.again"));
  await shop.until("/api/deliveries?status=delivered", ({ rows }) => rows.length > 0);
  const { page } = await openTab(`${shop.url}/#/deliveries`);
  await page.locator(".rows-slot", { hasText: "text" }).last().click();
  await page.getByRole("heading", { name: "Trace" }).waitFor();
  const before = shop.got.length;
  await page.keyboard.press("r");
  await page.locator(".results li").first().getByText("as it was").waitFor();
  const again = shop.got.slice(before).find(({ body }) => body.includes("wamid.again"));
  expect(again?.body).toEqual(wireOf("text", "wamid.again"));
  await page.getByRole("button", { name: "Edit and replay" }).click();
  const editor = page.getByRole("textbox", { name: "Payload" });
  const payload = await editor.inputValue();
  await editor.fill("{");
  expect(await page.getByRole("button", { name: "Replay edited" }).isDisabled()).toBe(true);
  await editor.fill(payload.replace("wamid.again", "wamid.grüße/1"));
  await page.getByRole("button", { name: "Replay edited" }).click();
  await page.locator(".results li").first().getByText("edited payload").waitFor();
  const edited = shop.got.find(({ body }) => body.includes(String.raw`wamid.gr\u00fc\u00dfe\/1`));
  expect(edited?.headers["x-hub-signature-256"]).toBe(sign(edited?.body ?? "", APP_SECRET));
});

test.skipIf(noBrowser)("on a rejected delivery another secret is tried, and it is not kept", async () => {
  const shop = await scene();
  const body = wireOf("text", "wamid.other");
  await post(shop.listener.url, body, { "x-hub-signature-256": sign(body, "another-test-secret") });
  await shop.until("/api/deliveries?status=rejected", ({ rows }) => rows[0]?.reason !== undefined);
  const { page } = await openTab(`${shop.url}/#/deliveries`);
  await page.locator(".rows-slot", { hasText: "rejected" }).click();
  const secret = page.getByLabel("Try another app secret");
  await secret.fill("wrong-test-secret");
  await page.getByRole("button", { name: "Check signature" }).click();
  await page.getByText("Signature does not match").waitFor();
  await secret.fill("another-test-secret");
  await page.getByRole("button", { name: "Check signature" }).click();
  await page.getByText("Signature matches").waitFor();
  expect(await secret.inputValue()).toBe("");
  expect(await page.evaluate("JSON.stringify(localStorage) + JSON.stringify(sessionStorage)")).not.toContain("another");
});

test.skipIf(noBrowser)(
  "a note and a pin are kept, two deliveries are compared and become a scenario that is played",
  async () => {
    const shop = await scene();
    await post(shop.listener.url, wireOf("text", "wamid.left"));
    await post(shop.listener.url, wireOf("text", "wamid.right"));
    await shop.until("/api/deliveries?kind=text&status=delivered", ({ rows }) => rows.length === 2);
    const { page } = await openTab(`${shop.url}/#/deliveries?kind=text`);
    await page.locator(".rows-slot").nth(1).click();
    await page.getByLabel("Note").fill("look at the id");
    await page.getByRole("button", { name: "Save note" }).click();
    await page.getByText("Note saved").waitFor();
    await page.getByRole("button", { name: "Pin" }).click();
    await page.getByRole("button", { name: "Unpin" }).waitFor();
    await page.reload();
    await page.getByRole("button", { name: "Unpin" }).waitFor();
    expect(await page.getByLabel("Note").inputValue()).toBe("look at the id");
    for (const box of await page.locator(".rows-slot input").all()) await box.check();
    await page.getByRole("region", { name: "Selected deliveries" }).getByRole("button", { name: "Compare" }).click();
    await page.locator(".diff").getByText('"wamid.left"').waitFor();
    await page.goBack();
    await page.getByRole("button", { name: "Save as scenario" }).click();
    await page.getByLabel("Name").fill("two-texts");
    await page.getByRole("button", { name: "Save scenario" }).click();
    await page.getByRole("button", { name: "Play" }).click();
    await page.getByText("passed").waitFor();
  },
);

test.skipIf(noBrowser)(
  "five thousand rows are scrolled with few of them in the document, and stay in place when one arrives",
  async () => {
    const shop = await scene();
    const { store } = shop.listener;
    const texts = Array.from({ length: 5000 }, (_, index) => textItem(`wamid.${index}`, `Number ${index}`));
    await Promise.all(
      texts.map((text) => store.record(receivedValue({ messages: [text] }, { receivedAt: Date.now() }))),
    );
    const { page } = await openTab(`${shop.url}/#/deliveries`);
    await page.getByText("5,000 deliveries").waitFor();
    const rows = page.locator(".rows");
    const first = rows.getByText('"Number 0"');
    const scroll = async () => {
      await rows.evaluate((element: { scrollTop: number; scrollHeight: number }) => {
        element.scrollTop = element.scrollHeight;
      });
      expect(await rows.locator(".row").count()).toBeLessThan(120);
      return first.count();
    };
    await expect.poll(scroll, { timeout: 30_000, interval: 20 }).toBe(1);
    const place = await first.boundingBox();
    await post(shop.listener.url, wireOf("text", "wamid.new"));
    await page.getByText(/5,00[1-9] deliveries/).waitFor();
    expect(await first.boundingBox()).toEqual(place);
  },
);
