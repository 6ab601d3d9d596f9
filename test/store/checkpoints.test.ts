/** The log of the SQLite store is copied into the database while deliveries are recorded, and used from its beginning again. */
import { randomBytes } from "node:crypto";
import { statSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { openStore } from "../../src/store/sqlite/sqlite-store.ts";
import { temporaryFolder } from "../support/world.ts";

const MB = 1024 * 1024;

test("the log of a long load is copied into the database, and stays short", async () => {
  const file = join(temporaryFolder(), "events.db");
  const store = await openStore(file);
  const body = randomBytes(32 * 1024);
  for (let group = 0; group < 40; group++) {
    const keys = Array.from({ length: 20 }, (_, index) => `message:${group}-${index}`);
    await Promise.all(
      keys.map((key) => store.record({ receivedAt: Date.now(), headers: [], body, keys: [key], forwardTo: [] })),
    );
  }
  // 25 MB were recorded; SQLite itself would copy the log at 32 MB.
  expect(statSync(file).size).toBeGreaterThan(8 * MB);
  expect(statSync(`${file}-wal`).size).toBeLessThan(18 * MB);
  expect([...store.deliveries()]).toHaveLength(800);
  await store.close();
});
