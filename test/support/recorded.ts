/** Stores with deliveries of choice, for the commands that read them. */
import { join } from "node:path";

import { expect } from "vitest";

import { main } from "../../src/cli/main.ts";
import { openStore } from "../../src/store/sqlite/sqlite-store.ts";
import type { Received } from "../../src/store/store.ts";
import { receivedValue, statusItem, textItem } from "./received.ts";
import { wordsOf } from "./transcript.ts";
import { temporaryFolder, testWorld } from "./world.ts";

export const env = { WHATSAPP_APP_SECRET: "test-app-secret", WHATSAPP_VERIFY_TOKEN: "test-verify-token" };
/** What the clock of a test world shows. */
export const NOW = 1_785_500_000_000;
export const HOUR = 3_600_000;
export const APP = "http://localhost:3000/webhook";

/** A store with these deliveries, as the commands find it in its folder. */
export async function recorded(...deliveries: Received[]): Promise<string> {
  const cwd = temporaryFolder();
  const store = await openStore(join(cwd, "events.db"));
  for (const delivery of deliveries) await store.record(delivery);
  await store.close();
  return cwd;
}

export const text = (id: string, body = "Hello", more: Partial<Received> = {}) =>
  receivedValue(
    { messages: [textItem(id, body)], contacts: [{ wa_id: "16505551234", profile: { name: "Sheena" } }] },
    { receivedAt: NOW, ...more },
  );
export const status = (word: string, id: string, more: object = {}) =>
  receivedValue({ statuses: [statusItem(word, id, more)] }, { receivedAt: NOW });

export async function json(line: string, cwd: string, stdin = ""): Promise<Record<string, unknown>[]> {
  const world = testWorld({ cwd, env, stdin });
  expect([line, await main(wordsOf(`${line} --store events.db --json`), world), world.stderr.text]).toEqual([
    line,
    0,
    "",
  ]);
  return world.stdout.text
    .split("\n")
    .filter((each) => each !== "")
    .map((each) => JSON.parse(each) as Record<string, unknown>);
}

export const ids = async (line: string, cwd: string) => (await json(line, cwd)).map(({ id }) => id);
