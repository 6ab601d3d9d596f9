/** What can happen to a store while it is open: what is acknowledged is on disk at its path all the same, and nothing stands still. */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";

import Database from "libsql";
import { describe, expect, onTestFinished, test } from "vitest";

import { openExistingStore, openStore } from "../../src/store/sqlite/sqlite-store.ts";
import type { Received, Store } from "../../src/store/store.ts";
import { receivedValue, textItem } from "../support/received.ts";
import { CAN_MOUNT, mountSmallDisk } from "../support/small-disk.ts";
import { temporaryFolder } from "../support/world.ts";

function received(key: string, more: Partial<Received> = {}): Received {
  const headers: Received["headers"] = [["X-Key", key]];
  return receivedValue({ messages: [textItem(key)] }, { receivedAt: Date.now(), headers, ...more });
}

async function opened(file: string): Promise<{ store: Store; notices: string[] }> {
  const store = await openStore(file);
  onTestFinished(() => store.close());
  const notices: string[] = [];
  store.onNotice?.((notice) => notices.push(notice));
  await store.record(received("before"));
  return { store, notices };
}

/** The keys of what another program finds at the path. */
async function found(file: string): Promise<(string | undefined)[]> {
  const store = await openExistingStore(file);
  try {
    return [...store.deliveries()].map(({ headers }) => headers[0]?.[1]);
  } finally {
    await store.close();
  }
}

describe("recording after the store's file", () => {
  test.each<[what: string, lose: (file: string) => void, notice: string]>([
    ["was deleted", (file) => rmSync(file), "was deleted"],
    ["was deleted with its log", (file) => ["", "-wal", "-shm"].forEach((part) => rmSync(file + part)), "was deleted"],
    ["was deleted with its folder", (file) => rmSync(join(file, ".."), { recursive: true }), "was deleted"],
    ["was moved away", (file) => renameSync(file, `${file}.old`), "was deleted"],
    ["was emptied", (file) => truncateSync(file, 0), "was emptied"],
  ])("%s continues in a new file, which is reported", async (_, lose, notice) => {
    const file = join(temporaryFolder(), ".wa-hook", "events.db");
    mkdirSync(join(file, ".."));
    const { store, notices } = await opened(file);
    lose(file);
    expect(await store.record(received("after"))).toMatchObject({ verdict: "accepted" });
    expect(await found(file)).toEqual(["after"]);
    expect(store.last()?.events).toMatchObject([{ id: "after" }]);
    expect(notices).toEqual([expect.stringContaining(notice)]);
    expect(await store.record(received("after"))).toMatchObject({ verdict: "duplicate" });
    expect(await store.record(received("before"))).toMatchObject({ verdict: "duplicate" });
    expect(notices).toHaveLength(1);
  });

  test("was replaced by another store continues in that store", async () => {
    const folder = temporaryFolder();
    const [file, other] = [join(folder, "events.db"), join(folder, "other.db")];
    await opened(other);
    new Database(other).exec("PRAGMA wal_checkpoint(TRUNCATE)");
    const { store, notices } = await opened(file);
    renameSync(other, file);
    await store.record(received("after"));
    expect(await found(file)).toEqual(["before", "after"]);
    expect(notices).toEqual([expect.stringContaining("was replaced")]);
  });

  test("was replaced by a file that is not a store fails until that file is gone", async () => {
    const file = join(temporaryFolder(), "events.db");
    const { store } = await opened(file);
    for (const part of ["", "-wal", "-shm"]) rmSync(file + part);
    writeFileSync(file, "this is no database\n".repeat(100));
    await expect(store.record(received("after"))).rejects.toMatchObject({ code: "store.corrupt" });
    await expect(store.record(received("after"))).rejects.toMatchObject({ code: "store.corrupt" });
    rmSync(file);
    expect(await store.record(received("after"))).toMatchObject({ verdict: "accepted" });
    expect(await found(file)).toEqual(["after"]);
  });

  test("was deleted with the whole project fails, and the project is not recreated", async () => {
    const project = join(temporaryFolder(), "project");
    mkdirSync(join(project, ".wa-hook"), { recursive: true });
    const { store } = await opened(join(project, ".wa-hook", "events.db"));
    rmSync(project, { recursive: true });
    await expect(store.record(received("after"))).rejects.toMatchObject({ code: "store.unopenable" });
    expect(existsSync(project)).toBe(false);
  });

  test("was emptied moves the old log aside", async () => {
    const folder = temporaryFolder();
    const { store } = await opened(join(folder, "events.db"));
    truncateSync(join(folder, "events.db"), 0);
    await store.record(received("after"));
    expect(readdirSync(folder).filter((name) => name.includes("emptied"))).toHaveLength(3);
  });

  test("deletes in the ignored folder are ignored by git again", async () => {
    const cwd = temporaryFolder();
    mkdirSync(join(cwd, ".wa-hook"));
    const { store } = await opened(join(cwd, ".wa-hook", "events.db"));
    rmSync(join(cwd, ".wa-hook"), { recursive: true });
    await store.record(received("after"));
    expect(readdirSync(join(cwd, ".wa-hook"))).toContain(".gitignore");
  });
});

describe("another program that writes", () => {
  /** Runs a program that holds the write lock for so long. */
  async function lock(file: string, ms: number): Promise<void> {
    const code = `const database = new (require("libsql"))(${JSON.stringify(file)});
      database.exec("BEGIN IMMEDIATE"); console.log("locked"); setTimeout(() => database.exec("COMMIT"), ${ms})`;
    const child = spawn(process.execPath, ["-e", code], { stdio: ["ignore", "pipe", "inherit"] });
    onTestFinished(() => void child.kill());
    await new Promise((resolve) => child.stdout.once("data", resolve));
  }

  test("delays recording without blocking anything else", async () => {
    const file = join(temporaryFolder(), "events.db");
    const { store } = await opened(file);
    await lock(file, 700);
    const delays = monitorEventLoopDelay({ resolution: 5 });
    delays.enable();
    const [one, rejected] = await Promise.all([
      store.record(received("one")),
      store.record(received("two", { reason: "no" })),
    ]);
    delays.disable();
    expect(one.verdict).toBe("accepted");
    expect(rejected.verdict).toBe("rejected");
    expect(delays.max / 1e6).toBeLessThan(200);
    expect(await found(file)).toContain("one");
  });

  test("has at most 16 MB of pending rejected bodies", async () => {
    const file = join(temporaryFolder(), "events.db");
    const { store } = await opened(file);
    await lock(file, 300);
    const body = Buffer.alloc(3 * 1024 * 1024);
    const outcomes = await Promise.allSettled([
      ...Array.from({ length: 10 }, () => store.record(received("x", { body, reason: "no" }))),
      store.record(received("one")),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual([
      ...Array<string>(5).fill("fulfilled"),
      ...Array<string>(5).fill("rejected"),
      "fulfilled",
    ]);
  });
});

test.each(["not JSON", "{}", "null", '[1, null, "a"]', ""])(
  "a row of seen keys that reads %j stops nothing",
  async (keys) => {
    const file = join(temporaryFolder(), "events.db");
    const { store } = await opened(file);
    const database = new Database(file);
    database.prepare("INSERT INTO seen (at, keys) VALUES (?, ?)").run([Date.now(), keys]);
    database.close();
    expect(await store.record(received("new"))).toMatchObject({ verdict: "accepted" });
    await store.close();
    const again = await openStore(file);
    expect(await again.record(received("new"))).toMatchObject({ verdict: "duplicate" });
    await again.close();
  },
);

test.skipIf(!CAN_MOUNT)("a disk that is full refuses, and records again once there is room", async () => {
  const folder = temporaryFolder();
  mountSmallDisk(folder, "2m");
  const file = join(folder, "events.db");
  const { store } = await opened(file);
  writeFileSync(join(folder, "ballast"), Buffer.alloc(1_000_000));
  const body = Buffer.alloc(400_000);
  const acknowledged: string[] = [];
  let refusals = 0;
  for (let index = 0; index < 8; index++) {
    await store.record(received(`k${index}`, { body })).then(
      () => acknowledged.push(`k${index}`),
      (error: { code: string }) => {
        expect(error.code).toBe("store.full");
        refusals++;
      },
    );
  }
  expect(refusals).toBeGreaterThan(0);
  rmSync(join(folder, "ballast"));
  expect(await store.record(received("after"))).toMatchObject({ verdict: "accepted" });
  expect(await found(file)).toEqual(["before", ...acknowledged, "after"]);
});
