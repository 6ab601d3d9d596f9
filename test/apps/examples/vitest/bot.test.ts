import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { deliver } from "wa-hook";
import { webhookContract } from "wa-hook/vitest";

import { startBot } from "../start.js";

let bot: Awaited<ReturnType<typeof startBot>>;
beforeAll(async () => {
  bot = await startBot();
});
afterAll(() => bot.stop());
beforeEach(() => bot.emulator.reset());

test("a text is marked as read and repeated", async () => {
  const { id } = await bot.emulator.receive("Hello");
  await expect(bot.emulator).toEventuallySendText("You said: Hello", { to: "+16505551234" });
  await expect(bot.emulator).toEventuallyRead(id);
});

test("who asks for the menu gets buttons", async () => {
  await bot.emulator.receive("menu");
  await expect(bot.emulator).toEventuallySend({ type: "button", text: /What would you like\?\nOrder\nHelp/ });
});

test("an image is marked as read only", async () => {
  await bot.emulator.receive({ type: "image", image: { caption: "Look" } });
  await expect(bot.emulator).toEventuallyRead();
  expect(bot.emulator).toHaveSentNothing();
});

test("a delivery without a valid signature is rejected", async () => {
  const { appSecret } = bot.emulator.account;
  const { status } = await deliver("text", { to: bot.url, appSecret, fault: "tampered" });
  expect(status).toBe(401);
});

webhookContract(() => bot);
