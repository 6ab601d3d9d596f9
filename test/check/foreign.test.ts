/** `check` against bots on libraries that others wrote (test/apps/foreign/): what it finds, each with the answer that shows it. */
import { afterAll, expect, test } from "vitest";

import { endApps, startProgram } from "../apps/start.ts";
import { checkedWith, environmentOf, standIn } from "./checked.ts";

const BOTS = ["chat-adapter", "great-detail", "kapso", "whatsapp-api-js", "whatsapp-business"];

afterAll(endApps);

test("what check finds in bots on libraries of others", { timeout: 180_000 }, async () => {
  const parts: string[] = [];
  for (const bot of BOTS) {
    await using emulator = await standIn();
    const file = `test/apps/foreign/${bot}.js`;
    const [url = ""] = await startProgram(bot, [process.execPath, file], environmentOf(emulator));
    const { findings, conclusions } = await checkedWith(emulator, url);
    const lines = findings
      .filter(({ status }) => status === "fail" || status === "warn")
      .map(({ status, code, got }) => `  ${status} ${code}: ${got.replaceAll(/wamid\.\S+/g, "wamid.…")}`);
    const names = conclusions.map(({ mistake }) => mistake).join(", ") || "none";
    parts.push([`${bot}: ${names}`, ...lines].join("\n"));
  }
  await expect(`${parts.join("\n\n")}\n`).toMatchFileSnapshot("../transcripts/foreign-receivers.txt");
});
