/** What a store deletes by age and size, and what it never deletes. */
import { statSync } from "node:fs";
import { join } from "node:path";

import fc from "fast-check";
import Database from "libsql";
import { expect, onTestFinished, test } from "vitest";

import type { Pace } from "../../src/store/sqlite/pruner.ts";
import { pruneStep, shrinkStep, STEP_ROWS, usedBytes, type PruneLimits } from "../../src/store/sqlite/retention.ts";
import { prepareSchema } from "../../src/store/sqlite/schema.ts";
import { openExistingStore, openStore, type StoreOptions } from "../../src/store/sqlite/sqlite-store.ts";
import type { Received, Store } from "../../src/store/store.ts";
import { temporaryFolder } from "../support/world.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const SOON: Pace = { checkMs: 20, stepMs: 1, maxDeferMs: 50 };

function received(key: string, more: Partial<Received> = {}): Received {
  return { receivedAt: Date.now(), headers: [], body: Buffer.alloc(1000, "x"), keys: [key], ...more };
}

function database(): Database.Database {
  const file = join(temporaryFolder(), "events.db");
  const opened = new Database(file);
  onTestFinished(() => void opened.close());
  prepareSchema(opened, file);
  return opened;
}

function insert(target: Database.Database, deliveries: readonly { at: number; bytes: number }[]): void {
  const delivery = target.prepare(
    "INSERT INTO deliveries (received_at, headers, body, verdict) VALUES (?, '[]', ?, 'accepted')",
  );
  const forward = target.prepare("INSERT INTO forwards (delivery, target) VALUES (?, 'http://localhost/')");
  target.exec("BEGIN");
  for (const { at, bytes } of deliveries) forward.run([delivery.run([at, Buffer.alloc(bytes)]).lastInsertRowid]);
  target.exec("COMMIT");
}

const timesIn = (target: Database.Database) =>
  (target.prepare("SELECT received_at AS at FROM deliveries ORDER BY at, id").all([]) as { at: number }[]).map(
    ({ at }) => at,
  );

const countIn = (target: Database.Database, table: string) =>
  (target.prepare(`SELECT count(*) AS rows FROM ${table}`).get([]) as { rows: number }).rows;

async function opened(options: StoreOptions = {}, file = join(temporaryFolder(), "events.db")) {
  const store = await openStore(file, options);
  onTestFinished(() => store.close());
  return { store, file };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

test("by age exactly the older ones are deleted, the oldest first, whatever the order in which they came", () => {
  const times = fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 40 });
  fc.assert(
    fc.property(times, fc.integer({ min: 0, max: 50 }), fc.integer({ min: 1, max: 7 }), (at, before, rows) => {
      const target = database();
      insert(
        target,
        at.map((each) => ({ at: each, bytes: 10 })),
      );
      for (;;) {
        const left = timesIn(target);
        const { deliveries, pending } = pruneStep(target, { before }, rows);
        expect(deliveries).toBeLessThanOrEqual(rows);
        expect(pending).toBe(deliveries);
        expect(timesIn(target)).toEqual(left.slice(deliveries));
        if (deliveries === 0) break;
      }
      expect(timesIn(target)).toEqual(at.filter((each) => each >= before).toSorted((a, b) => a - b));
      expect(countIn(target, "forwards")).toBe(countIn(target, "deliveries"));
      target.close();
    }),
    { numRuns: 25 },
  );
});

test("by size nothing is deleted that fits, and no more than a step brings it below the limit", () => {
  const target = database();
  insert(
    target,
    Array.from({ length: 600 }, (_, index) => ({ at: index, bytes: 2000 })),
  );
  const full = usedBytes(target);
  expect(pruneStep(target, { bytes: full }).deliveries).toBe(0);
  const bytes = full / 2;
  let used = full;
  for (;;) {
    const { deliveries } = pruneStep(target, { bytes });
    if (deliveries === 0) break;
    expect(used).toBeGreaterThan(bytes);
    expect(deliveries).toBeLessThanOrEqual(STEP_ROWS);
    used = usedBytes(target);
  }
  expect(used).toBeLessThanOrEqual(bytes);
  expect(used).toBeGreaterThan(bytes * 0.8);
  expect(timesIn(target)).toEqual(timesIn(target).filter((at) => at >= 600 - countIn(target, "deliveries")));
});

test("a step deletes no more than 2 MB, or one delivery that is larger", () => {
  const target = database();
  insert(
    target,
    [3, 1.5, 0.4, 0.4, 0.4].map((mb, at) => ({ at, bytes: mb * 1024 * 1024 })),
  );
  const limits: PruneLimits = { before: 100 };
  expect([1, 2, 3].map(() => pruneStep(target, limits).deliveries)).toEqual([1, 2, 2]);
});

test("what belongs to a delivery goes with it, also from a table of events", () => {
  const target = database();
  target.exec("CREATE TABLE IF NOT EXISTS events (delivery INTEGER NOT NULL, kind TEXT NOT NULL)");
  const columns = target.prepare("PRAGMA table_info(events)").all([]) as { name: string; type: string }[];
  const times = [1, 2, 3];
  insert(
    target,
    times.map((at) => ({ at, bytes: 1 })),
  );
  const values = columns.map(({ name, type }) => (name === "delivery" ? "id" : type === "TEXT" ? "'x'" : "0"));
  target.exec(`INSERT INTO events SELECT ${values.join(", ")} FROM deliveries`);
  pruneStep(target, { before: 3 });
  expect(["events", "forwards", "deliveries"].map((table) => countIn(target, table))).toEqual([1, 1, 1]);
});

test("an open store deletes what is too old while it records, reports forwards that were still to be sent, and shrinks", async () => {
  const { store, file } = await opened({ keep: { ms: DAY_MS }, pace: SOON });
  const notices: string[] = [];
  store.onNotice?.((text) => notices.push(text));
  const forwardTo = ["http://localhost:3000/"];
  const old = Date.now() - 2 * DAY_MS;
  const young = await store.record(received("young", { forwardTo }));
  await Promise.all(
    Array.from({ length: 1500 }, (_, index) => store.record(received(`old ${index}`, { receivedAt: old, forwardTo }))),
  );
  const full = store.stats().bytes;
  await until(() => store.stats().deliveries === 1);
  await until(() => notices.length > 0);
  expect(store.stats()).toMatchObject({
    forwards: [{ to: "http://localhost:3000/", pending: 1, failed: 0 }],
    pruned: { deliveries: 1500, pending: 1500 },
  });
  expect(store.get(young.id)).toBeDefined();
  expect(notices.join("\n")).toContain("deleted");
  await until(() => store.stats().bytes < full / 4);
  // What was seen stays known.
  expect(await store.record(received("old 7"))).toMatchObject({ verdict: "duplicate" });
  await until(() => statSync(file).size < full / 4);
});

test("a burst is recorded while the store is pruned, and afterwards it is within its size", async () => {
  const bytes = 400_000;
  const { store } = await opened({ keep: { bytes }, pace: SOON });
  const burst = async (from: number) => {
    const all = Array.from({ length: 500 }, (_, index) => store.record(received(`${from} ${index}`)));
    expect(new Set((await Promise.all(all)).map(({ verdict }) => verdict))).toEqual(new Set(["accepted"]));
  };
  for (let from = 0; from < 6; from++) await burst(from);
  await until(() => store.stats().bytes <= bytes);
  const { deliveries, pruned } = store.stats();
  expect(deliveries + pruned.deliveries).toBe(3000);
  expect([...store.deliveries()].at(-1)?.id).toBe("3000");
});

test("while another process is writing nothing is deleted and nothing fails; afterwards it is", async () => {
  const { store, file } = await opened({ keep: { ms: DAY_MS }, pace: SOON });
  const other = new Database(file);
  onTestFinished(() => void other.close());
  other.exec("BEGIN IMMEDIATE");
  other
    .prepare("INSERT INTO deliveries (received_at, headers, body, verdict) VALUES (?, '[]', ?, 'accepted')")
    .run([1, Buffer.from("{}")]);
  await new Promise((resolve) => setTimeout(resolve, 100));
  other.exec("COMMIT");
  await until(() => store.stats().pruned.deliveries === 1);
  expect(await store.record(received("a"))).toMatchObject({ verdict: "accepted" });
});

test("without limits nothing is deleted", async () => {
  const { store } = await opened({ keep: {}, pace: SOON });
  await store.record(received("a", { receivedAt: 1 }));
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect(store.stats()).toMatchObject({ deliveries: 1, oldest: 1 });
});

test("stores on disk and in memory report the same of the same deliveries", async () => {
  const { MemoryStore } = await import("../../src/store/memory.ts");
  const [{ store }, memory] = [await opened(), new MemoryStore()];
  const stats = async (each: Store) => {
    const forwardTo = ["http://localhost:3000/", "http://localhost:4000/"];
    const first = await each.record(received("a", { receivedAt: 5, forwardTo }));
    await each.record(received("a", { receivedAt: 6, forwardTo }));
    const second = await each.record(received("b", { receivedAt: 7, forwardTo }));
    await each.settle({ id: first.forwards[0] ?? "", state: "delivered", attempts: 1 });
    await each.settle({ id: second.forwards[1] ?? "", state: "failed", attempts: 8 });
    const { bytes, forwards, ...rest } = each.stats();
    expect(bytes).toBeGreaterThanOrEqual(3000);
    return { ...rest, forwards: forwards.toSorted((a, b) => a.to.localeCompare(b.to)) };
  };
  expect(await stats(store)).toEqual(await stats(memory));
  expect(store.stats()).toMatchObject({
    deliveries: 3,
    oldest: 5,
    forwards: [
      { to: "http://localhost:3000/", pending: 1, failed: 0, oldestPending: 7 },
      { to: "http://localhost:4000/", pending: 1, failed: 1, oldestPending: 5 },
    ],
  });
});

test("a store that is only read deletes nothing", async () => {
  const { store, file } = await opened();
  await store.record(received("a", { receivedAt: 1 }));
  const reader = await openExistingStore(file);
  expect(reader.stats().deliveries).toBe(1);
  await reader.close();
});

test("space is given back page by page", () => {
  const target = database();
  insert(
    target,
    Array.from({ length: 300 }, (_, at) => ({ at, bytes: 4000 })),
  );
  while (pruneStep(target, { before: 1000 }).deliveries > 0);
  const pages = () => (target.prepare("PRAGMA page_count").get([]) as { page_count: number }).page_count;
  const before = pages();
  expect(shrinkStep(target)).toBe(64);
  expect(before - pages()).toBe(64);
  while (shrinkStep(target) > 0);
  expect(pages()).toBeLessThan(before / 10);
});
