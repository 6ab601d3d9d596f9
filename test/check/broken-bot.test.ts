/** A bot of 40 lines (test/apps/sample-bot.js) as its CI job checks it: right, and broken in seven ways. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { freePort } from "../support/http.ts";
import { transcript } from "../support/transcript.ts";
import { temporaryFolder } from "../support/world.ts";

const BOT = readFileSync("test/apps/sample-bot.js", "utf8");
const SECRETS = { WHATSAPP_APP_SECRET: "test-app-secret", WHATSAPP_VERIFY_TOKEN: "test-verify-token" };

/** What somebody changed, as a replacement of a text by another. */
const CHANGES: Record<string, readonly [from: string, to: string]> = {
  "the parsed body is verified": ["isSigned(body,", "isSigned(JSON.stringify(JSON.parse(body)),"],
  "the verify token is the key": ['createHmac("sha256", appSecret)', 'createHmac("sha256", verifyToken)'],
  "the challenge is JSON": [
    'query.get("hub.challenge") : undefined',
    'JSON.stringify(query.get("hub.challenge")) : undefined',
  ],
  "duplicates are answered": ["if (seen.has(id)) return;", ""],
  "only the first entry is read": [".entry.flatMap(", ".entry.slice(0, 1).flatMap("],
  "the status is 201": ["  response.end();", "  response.writeHead(201).end();"],
  "the signature is checked only when there is one": [
    'if (!isSigned(body, request.headers["x-hub-signature-256"]))',
    'if (request.headers["x-hub-signature-256"] && !isSigned(body, request.headers["x-hub-signature-256"]))',
  ],
};

async function report(source: string): Promise<string> {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, "bot.mjs"), source);
  const port = await freePort();
  const command = `check ${port} --start "node bot.mjs" --emulate --quiet`;
  const env = { ...SECRETS, PATH: process.env["PATH"] ?? "" };
  const text = await transcript(command, { cwd, env });
  return text
    .replaceAll(String(port), "3000")
    .replaceAll(/wamid\.[\w=]+/g, "wamid.…")
    .replaceAll(/(?<="\\")\d+(?=\\"")/g, "CHALLENGE")
    .replaceAll(/\d+ requests? in [\d.]+ m?s/g, "N requests in N s");
}

test("the bot passes, and each change is named", { timeout: 240_000 }, async () => {
  const parts = [await report(BOT)];
  for (const [what, [from, to]] of Object.entries(CHANGES)) {
    expect(BOT, what).toContain(from);
    parts.push(`# ${what}\n${await report(BOT.replace(from, to))}`);
  }
  await expect(parts.join("\n")).toMatchFileSnapshot("../transcripts/broken-bot.txt");
});
