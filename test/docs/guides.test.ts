/** The commands of the guides that test an app run, and pass with an app that is right. */
import { resolve } from "node:path";

import { expect, test } from "vitest";

import { main } from "../../src/cli/main.ts";
import { freePort } from "../support/http.ts";
import { wordsOf } from "../support/transcript.ts";
import { testWorld } from "../support/world.ts";
import { guideLines } from "./guide-lines.ts";

// The pages of guides/ only: they are about an app on port 3000.
const runs = new Set(
  guideLines
    .filter(({ page, line }) => page.startsWith("guides/") && /^(check|replay)\b/.test(line))
    .map(({ line }) => line),
);

test.each([...runs])("wa-hook %s passes with an app that is right", async (line) => {
  const port = await freePort();
  // With an emulator, `check` expects answers as well.
  const app = resolve(line.includes("--emulate") ? "test/apps/sample-bot.js" : "docs/snippets/express.js");
  const start = `--start '"${process.execPath}" "${app}"'`;
  const typed = line.includes("--start") ? line.replace('--start "npm start"', start) : `${line} ${start}`;
  const settings = { WHATSAPP_APP_SECRET: "test-app-secret", WHATSAPP_VERIFY_TOKEN: "test-verify-token" };
  const world = testWorld({ env: { ...settings, PATH: process.env["PATH"] ?? "", PORT: String(port) } });
  const code = await main(wordsOf(typed.replaceAll(/\b3000\b/g, String(port))), world);
  expect([world.stderr.text.replace(/^(?!error).*\n/gm, ""), code]).toEqual(["", 0]);
});
