/** Stores of older versions: everything in them is there after the upgrade, whatever interrupts it. */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import Database from "libsql";
import { expect, onTestFinished, test } from "vitest";

import { openExistingStore, openStore } from "../../src/store/sqlite/sqlite-store.ts";
import { receivedValue, textItem } from "../support/received.ts";
import { CAN_MOUNT, mountSmallDisk } from "../support/small-disk.ts";
import { temporaryFolder } from "../support/world.ts";

/** The tables as version 1 created them. */
const VERSION_1 = `
  CREATE TABLE deliveries (
    id INTEGER PRIMARY KEY AUTOINCREMENT, received_at INTEGER NOT NULL, headers TEXT NOT NULL, body BLOB NOT NULL,
    verdict TEXT NOT NULL, refusal TEXT, events TEXT NOT NULL
  ) STRICT;
  CREATE INDEX refused ON deliveries (id) WHERE verdict = 'refused';
  CREATE TABLE seen (id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, keys TEXT NOT NULL) STRICT;
  PRAGMA application_id = 2002864235;
  PRAGMA user_version = 1;`;

/** A store of version 1 with so many deliveries; the last is rejected, the one before a duplicate. */
function olderStore(file: string, count: number, padding = 0): void {
  const database = new Database(file);
  database.exec(`PRAGMA journal_mode = WAL; ${VERSION_1} BEGIN`);
  const insert = database.prepare(
    "INSERT INTO deliveries (received_at, headers, body, verdict, refusal, events) VALUES (?, ?, ?, ?, ?, ?)",
  );
  for (let index = 0; index < count; index++) {
    const { body } = receivedValue({ messages: [textItem(`wamid.${index}`, "x".repeat(padding))] });
    const verdict = index === count - 1 ? "refused" : index === count - 2 ? "duplicate" : "accepted";
    insert.run([
      index,
      '[["X-A","1"]]',
      body,
      verdict,
      verdict === "refused" ? "signed with another secret" : null,
      "[]",
    ]);
  }
  database.prepare("INSERT INTO seen (at, keys) VALUES (?, ?)").run([Date.now(), '["message wamid.0"]']);
  database.exec("COMMIT; PRAGMA wal_checkpoint(TRUNCATE)");
  database.close();
}

async function bodiesIn(file: string): Promise<string[]> {
  const store = await openExistingStore(file);
  try {
    return [...store.deliveries()].map(({ body }) => Buffer.from(body).toString());
  } finally {
    await store.close();
  }
}

test("a store of version 1 is upgraded when it is opened: bytes, verdicts, reasons and duplicates are kept", async () => {
  const file = join(temporaryFolder(), "events.db");
  olderStore(file, 5);
  const store = await openStore(file);
  const deliveries = [...store.deliveries()];
  expect(deliveries.map(({ id, verdict, reason, receivedAt }) => ({ id, verdict, reason, receivedAt }))).toEqual([
    ...["1", "2", "3"].map((id, receivedAt) => ({ id, verdict: "accepted", reason: undefined, receivedAt })),
    { id: "4", verdict: "duplicate", reason: undefined, receivedAt: 3 },
    { id: "5", verdict: "rejected", reason: "signed with another secret", receivedAt: 4 },
  ]);
  const { body } = receivedValue({ messages: [textItem("wamid.1", "")] });
  expect(Buffer.from(deliveries[1]?.body ?? []).equals(body)).toBe(true);
  expect(deliveries[1]?.events).toMatchObject([{ kind: "text", id: "wamid.1" }]);
  const again = receivedValue({ messages: [textItem("wamid.0")] }, { receivedAt: Date.now() });
  expect(await store.record(again)).toMatchObject({ id: "6", verdict: "duplicate" });
  await store.close();
});

test("an upgrade that is killed at any moment loses nothing, and the next start completes it", async () => {
  const [folder, count] = [temporaryFolder(), 5000];
  const original = join(folder, "original.db");
  olderStore(original, count, 200);
  const before = new Database(original);
  const bodies = before.prepare("SELECT body FROM deliveries ORDER BY id").all([]) as { body: ArrayBuffer }[];
  const expected = bodies.map(({ body }) => Buffer.from(body).toString());
  before.close();
  for (const delay of [0, 20, 60, 150]) {
    const file = join(folder, `killed-${delay}.db`);
    copyFileSync(original, file);
    const module = JSON.stringify(new URL("../../dist/index.js", import.meta.url).href);
    const code = `import(${module}).then(({ openStore }) => { console.log("opening"); return openStore(${JSON.stringify(file)}); })`;
    const child = spawn(process.execPath, ["-e", code], { stdio: ["ignore", "pipe", "inherit"] });
    const ended = once(child, "exit");
    await once(child.stdout, "data");
    await new Promise((resolve) => setTimeout(resolve, delay));
    child.kill("SIGKILL");
    await ended;
    expect(await bodiesIn(file), `killed after ${delay} ms`).toEqual(expected);
  }
}, 60_000);

test.skipIf(!CAN_MOUNT)("an upgrade on a full disk changes nothing, and completes once there is room", async () => {
  const folder = mkdtempSync(join(tmpdir(), "wa-hook-full-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  mountSmallDisk(folder, "3m");
  const file = join(folder, "events.db");
  olderStore(file, 1000, 500);
  const ballast = join(folder, "ballast");
  const free = Number(execFileSync("stat", ["-f", "-c", "%a", folder])) * 4096;
  writeFileSync(ballast, Buffer.alloc(Math.max(0, free - 100_000)));
  await expect(openStore(file)).rejects.toMatchObject({ code: "store.full" });
  const database = new Database(file, { readonly: true });
  expect(database.prepare("PRAGMA user_version").get([])).toMatchObject({ user_version: 1 });
  expect(database.prepare("SELECT count(*) AS rows FROM deliveries").get([])).toMatchObject({ rows: 1000 });
  database.close();
  rmSync(ballast);
  expect(await bodiesIn(file)).toHaveLength(1000);
});
