import { chmodSync, mkdirSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import Database from "libsql";
import { describe, expect, test } from "vitest";

import { UsageError } from "../../src/errors.ts";
import { SEEN_FOR_MS } from "../../src/store/duplicates.ts";
import { openExistingStore, openStore } from "../../src/store/sqlite/sqlite-store.ts";
import type { Received } from "../../src/store/store.ts";
import { temporaryFolder } from "../support/world.ts";

function received(keys: (string | undefined)[], more: Partial<Received> = {}): Received {
  return {
    receivedAt: Date.now(),
    headers: [["X-Test", "1"]],
    body: Buffer.from([0x7b, 0x00, 0xff, 0x7d]),
    keys,
    ...more,
  };
}

describe("the store's file", () => {
  const file = () => join(temporaryFolder(), "events.db");

  async function filled(path: string): Promise<void> {
    const store = await openStore(path);
    await store.record(received(["a"]));
    await store.close();
  }

  test.skipIf(process.platform === "win32")("is for its owner only", async () => {
    const path = file();
    await filled(path);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test("opens again with everything in it", async () => {
    const path = file();
    await filled(path);
    const store = await openStore(path);
    expect([...store.deliveries()]).toHaveLength(1);
    expect((await store.record(received(["a"]))).verdict).toBe("duplicate");
    await store.close();
  });

  test("serves two programs at once", async () => {
    const path = file();
    const [one, other] = [await openStore(path), await openStore(path)];
    const recorded = await Promise.all([
      one.record(received(["a"])),
      other.record(received(["b"])),
      one.record(received(["c"])),
    ]);
    expect(new Set(recorded.map(({ id }) => id)).size).toBe(3);
    expect([...other.deliveries()]).toHaveLength(3);
    expect((await other.record(received(["c", "a"]))).verdict).toBe("duplicate");
    expect((await one.record(received(["b"]))).verdict).toBe("duplicate");
    await Promise.all([one.close(), other.close()]);
  });

  test("deletes keys older than seven days when it is opened", async () => {
    const path = file();
    const store = await openStore(path);
    await store.record(received(["a"], { receivedAt: Date.now() }));
    await store.close();
    const database = new Database(path);
    database.exec(`UPDATE seen SET at = at - ${SEEN_FOR_MS + 1000}`);
    await (await openStore(path)).close();
    expect(database.prepare("SELECT count(*) AS rows FROM seen").get([])).toMatchObject({ rows: 0 });
  });

  test("does not save headers that could contain a secret", async () => {
    const path = file();
    const store = await openStore(path);
    const headers: Received["headers"] = [
      ["Authorization", "Bearer test-not-a-secret"],
      ["cookie", "test-not-a-secret"],
      ["X-A", "1"],
    ];
    const { id } = await store.record(received(["a"], { headers }));
    expect(store.get(id)?.headers).toEqual([
      ["Authorization", "(redacted)"],
      ["cookie", "(redacted)"],
      ["X-A", "1"],
    ]);
    await store.close();
    expect(readFileSync(path).includes("test-not-a-secret")).toBe(false);
  });

  test("keeps only the newest 200 rejected deliveries, and all others", async () => {
    const store = await openStore(file());
    await store.record(received(["a"]));
    for (let round = 0; round < 6; round++) {
      await Promise.all(Array.from({ length: 50 }, () => store.record(received([], { reason: "no" }))));
    }
    const verdicts = [...store.deliveries()].map(({ verdict }) => verdict);
    expect(verdicts.filter((verdict) => verdict === "rejected")).toHaveLength(200);
    expect(verdicts[0]).toBe("accepted");
    await store.close();
  });

  test.each([
    ["of another program", (path: string) => new Database(path).exec("CREATE TABLE other (a)"), "store.foreign"],
    [
      "that is no database",
      (path: string) => writeFileSync(path, "this is no database\n".repeat(100)),
      "store.corrupt",
    ],
    ["that is a folder", (path: string) => mkdirSync(path), "store.unopenable"],
  ])("%s is an error, and the file is not changed", async (_, make, code) => {
    const path = file();
    make(path);
    const before = statSync(path).isFile() ? readFileSync(path) : undefined;
    await expect(openStore(path)).rejects.toSatisfy((error) => error instanceof UsageError && error.code === code);
    if (before !== undefined) expect(readFileSync(path).equals(before)).toBe(true);
  });

  test("of a newer wa-hook is an error, and the file is not changed", async () => {
    const path = file();
    await filled(path);
    new Database(path).exec("PRAGMA user_version = 99; PRAGMA wal_checkpoint(TRUNCATE)");
    const before = readFileSync(path);
    await expect(openStore(path)).rejects.toMatchObject({ code: "store.newer" });
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  test("that was truncated is an error when opened or when read", async () => {
    const path = file();
    const store = await openStore(path);
    await Promise.all(
      Array.from({ length: 50 }, (_, index) => store.record(received([`k${index}`], { body: Buffer.alloc(2000) }))),
    );
    await store.close();
    new Database(path).exec("PRAGMA wal_checkpoint(TRUNCATE)");
    truncateSync(path, 10_000);
    const readAll = async () => {
      const again = await openStore(path);
      try {
        return [...again.deliveries()];
      } finally {
        await again.close();
      }
    };
    await expect(readAll()).rejects.toMatchObject({ code: "store.corrupt" });
  });

  test.skipIf(process.getuid?.() === 0)("that is read-only is an error", async () => {
    const path = file();
    await filled(path);
    chmodSync(path, 0o400);
    await expect(openStore(path)).rejects.toMatchObject({ code: "store.read-only" });
  });

  test("must exist already for those who only read", async () => {
    await expect(openExistingStore(file())).rejects.toMatchObject({ code: "store.missing" });
  });
});
