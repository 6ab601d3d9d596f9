/** The disk and the store fail while deliveries and results are written: nothing acknowledged is lost, and recording goes on. */
import { spawn } from "node:child_process";
import { closeSync, copyFileSync, openSync, readdirSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

import { expect, onTestFinished, test } from "vitest";

import type { ListenerOptions } from "../../src/listener/options.ts";
import { openExistingStore, openStore } from "../../src/store/sqlite/sqlite-store.ts";
import { reportFault } from "../support/fault-table.ts";
import {
  allForwarded,
  forwardedText,
  judgeForwards,
  Load,
  messageBody,
  readFound,
  Remembering,
  startForwarding,
  TIMES,
  until,
} from "../support/faults.ts";
import { freePort, listening, post, serve } from "../support/http.ts";
import { CAN_MOUNT, mountSmallDisk } from "../support/small-disk.ts";
import { temporaryFolder } from "../support/world.ts";

const FAST: NonNullable<ListenerOptions["retry"]> = {
  attempts: 3,
  delivery: { baseMs: 20, capMs: 40 },
  app: { baseMs: 10, capMs: 20 },
};

/** Puts a file that cannot be synced in the place of the log that this process syncs itself. Returns whether there was one. */
function breakLog(file: string): boolean {
  const descriptors = readdirSync("/proc/self/fd")
    .map(Number)
    .toSorted((one, other) => one - other);
  // SQLite has opened the log before.
  const log = descriptors.findLast((descriptor) => targetOf(descriptor) === `${file}-wal`);
  if (log === undefined) return false;
  closeSync(log);
  // Another thread may take the number in between; the log is then closed all the same, which is a failure as well.
  openSync("/dev/null", "r+");
  return true;
}

function targetOf(descriptor: number): string {
  try {
    return readlinkSync(`/proc/self/fd/${descriptor}`);
  } catch {
    return "";
  }
}

test.skipIf(process.platform !== "linux")(
  "a failing sync is 500 for its deliveries, which are accepted when they come again, and forwarded again",
  async () => {
    const file = join(temporaryFolder(), "events.db");
    const app = new Remembering();
    const { url: to } = await serve(app.handle);
    const store = await openStore(file);
    const watched = await listening({ store, forward: { to: new URL(to) }, retry: FAST });
    const send = (id: string) => post(watched.listener.url, messageBody(`wamid.111.${id}`, "111"));
    expect(await send("0")).toBe(200);
    expect(breakLog(file)).toBe(true);
    expect(await send("1")).toBe(500);
    expect(await send("1")).toBe(200);
    expect(await send("2")).toBe(200);
    expect(await send("2")).toBe(200);
    expect(await watched.next("store")).toMatchObject({ notice: expect.stringContaining("opened again") as string });
    await until(() => app.ids.includes("wamid.111.2"));
    const verdicts = [...store.deliveries()].map(({ verdict }) => verdict);
    expect(verdicts).toEqual(["accepted", "accepted", "accepted", "duplicate"]);
    await watched.listener.close();
    expect(readFound(file)).toMatchObject({ accepted: ["wamid.111.0", "wamid.111.1", "wamid.111.2"], pending: 0 });
    // The app had it before the sync failed.
    expect(app.ids).toEqual(["wamid.111.0", "wamid.111.1", "wamid.111.1", "wamid.111.2"]);
    expect(watched.listener.summary()).toMatchObject({ waiting: 0, forwardFailures: 0 });
  },
);

test("a log that is deleted while in use is 500 for one group, and nothing that was acknowledged is lost", async () => {
  const file = join(temporaryFolder(), "events.db");
  const watched = await listening({ store: await openStore(file) });
  const send = (id: string) => post(watched.listener.url, messageBody(`wamid.111.${id}`, "111"));
  for (const id of ["0", "1"]) expect(await send(id)).toBe(200);
  rmSync(`${file}-wal`);
  expect(await send("2")).toBe(500);
  expect((await watched.next("rejected")).reason).toContain("events.db-wal was deleted");
  for (const id of ["2", "2", "3"]) expect(await send(id)).toBe(200);
  // As after kill -9: what a copy of the folder contains.
  const copy = join(temporaryFolder(), "events.db");
  for (const part of ["", "-wal"]) copyFileSync(file + part, copy + part);
  const verdicts = [...(await openExistingStore(copy)).deliveries()].map(({ verdict }) => verdict);
  expect(verdicts).toEqual(["accepted", "accepted", "accepted", "duplicate", "accepted"]);
});

test(
  "syncs that fail under load lose no acknowledged delivery",
  async () => {
    const app = new Remembering();
    const { url: to } = await serve(app.handle);
    const failures = 10 * TIMES;
    const node = [`--import=${pathToFileURL(resolve("test/support/failing-sync.mjs")).href}`];
    // Also two in a row.
    const failing = Array.from({ length: failures }, (_, index) => (index % 5 === 4 ? index * 3 + 8 : index * 3 + 10));
    const env = { FAILING_SYNCS: failing.join(",") };
    const running = { cwd: temporaryFolder(), port: await freePort(), to, node, env };
    const program = await startForwarding(running);
    const load = new Load(running.port, 8);
    await load.more(failures * 40);
    await load.stop();
    const file = join(running.cwd, ".wa-hook/events.db");
    await until(() => allForwarded(file, to));
    program.process.kill("SIGTERM");
    expect(await program.exit).toBe(0);
    const judged = judgeForwards(load.acknowledged, readFound(file).accepted, app.ids);
    expect(load.refused).toBeGreaterThan(failures);
    const row = { runs: failures, acknowledged: load.acknowledged.length, found: judged.found };
    reportFault({ fault: "failing sync of the log", ...row, forwarded: forwardedText(judged) });
  },
  TIMES * 120_000,
);

test.skipIf(!CAN_MOUNT)(
  "on a full disk deliveries are refused and the results of forwards wait; with room again all are saved, and the app got each once",
  async () => {
    const folder = temporaryFolder();
    mountSmallDisk(folder, "2m");
    const file = join(folder, "events.db");
    const app = new Remembering();
    let open: (() => void) | undefined;
    const opened = new Promise<void>((resolve) => (open = resolve));
    const { url: to } = await serve((request, response) => void opened.then(() => app.handle(request, response)));
    const store = await openStore(file);
    const watched = await listening({ store, forward: { to: new URL(to) }, retry: FAST });
    const pending = store.pending.bind(store);
    let asked = 0;
    store.pending = (range) => {
      asked++;
      return pending(range);
    };
    const acknowledged: string[] = [];
    const send = async (index: number) => {
      const id = `wamid.customer${index}.0`;
      const body = messageBody(id, `customer${index}`);
      const status = await post(watched.listener.url, body);
      if (status === 200) acknowledged.push(id);
      return status;
    };
    for (let index = 0; index < 20; index++) expect(await send(index)).toBe(200);
    writeFileSync(join(folder, "ballast"), "");
    fill(join(folder, "ballast"));
    let refused = 0;
    for (let index = 20; refused < 5; index++) if ((await send(index)) === 500) refused++;
    open?.();
    await until(() => app.ids.length >= acknowledged.length);
    expect(await watched.next("store")).toMatchObject({ notice: expect.stringContaining("was not saved") as string });
    // The queue asks the store what is pending each second: it must not send again what it has sent.
    expect(await send(1000)).toBe(500);
    const before = asked;
    await until(() => asked >= before + 2);
    expect(app.ids).toHaveLength(acknowledged.length);
    rmSync(join(folder, "ballast"));
    expect(await send(2000)).toBe(200);
    await until(() => store.pending({ to, limit: 1 }).length === 0);
    await watched.listener.close();
    const { accepted, failed } = readFound(file);
    expect(failed).toBe(0);
    const judged = judgeForwards(acknowledged, accepted, app.ids);
    expect(judged.again).toBe(0);
    const row = { runs: 1, acknowledged: acknowledged.length, found: judged.found };
    reportFault({ fault: "disk full and back, forwards waiting", ...row, forwarded: forwardedText(judged) });
  },
  60_000,
);

/** Until the disk has no room for a page. */
function fill(path: string): void {
  try {
    for (;;) writeFileSync(path, Buffer.alloc(4096), { flag: "a" });
  } catch {
    // It is full.
  }
}

test("a store that another program locks for longer than a write waits loses nothing, and the app gets each delivery once", async () => {
  const file = join(temporaryFolder(), "events.db");
  const app = new Remembering();
  const { url: to } = await serve(app.handle);
  const store = await openStore(file);
  const watched = await listening({ store, forward: { to: new URL(to) }, retry: FAST });
  const load = new Load(watched.listener.port, 8);
  await load.more(100);
  const unlock = await lock(file);
  await until(() => load.refused > 0);
  unlock();
  await load.more(100);
  await load.stop();
  await until(() => store.pending({ to, limit: 1 }).length === 0);
  await watched.listener.close();
  const judged = judgeForwards(load.acknowledged, readFound(file).accepted, app.ids);
  expect(judged.again).toBe(0);
  const row = { runs: 1, acknowledged: load.acknowledged.length, found: judged.found };
  reportFault({ fault: "store locked for longer than 8 s", ...row, forwarded: forwardedText(judged) });
}, 60_000);

/** Another process that holds the write lock until it is ended. */
async function lock(file: string): Promise<() => void> {
  const code = `const database = new (require("libsql"))(${JSON.stringify(file)}, { timeout: 10000 });
    database.exec("BEGIN IMMEDIATE"); console.log("locked"); setInterval(() => {}, 60000)`;
  const child = spawn(process.execPath, ["-e", code], { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  await new Promise((resolve) => child.stdout.once("data", resolve));
  return () => void child.kill("SIGKILL");
}

test("a store that was deleted while deliveries wait for the app loses none of those in memory, and none of those after", async () => {
  const file = join(temporaryFolder(), "events.db");
  const port = await freePort();
  const to = `http://127.0.0.1:${port}/webhook`;
  const watched = await listening({ store: await openStore(file), forward: { to: new URL(to) }, retry: FAST });
  const send = (index: number) => post(watched.listener.url, messageBody(`wamid.customer.${index}`, "customer"));
  for (let index = 0; index < 5; index++) expect(await send(index)).toBe(200);
  for (const part of ["", "-wal", "-shm"]) rmSync(file + part);
  for (let index = 5; index < 10; index++) expect(await send(index)).toBe(200);
  const app = new Remembering();
  const server = await serve(app.handle, port);
  expect(server.port).toBe(port);
  await until(() => app.ids.length >= 10);
  await watched.listener.close();
  expect(app.ids).toEqual(Array.from({ length: 10 }, (_, index) => `wamid.customer.${index}`));
  expect(readFound(file)).toMatchObject({ accepted: app.ids.slice(5), pending: 0 });
});

test("a store that cannot be read is no end of the listener", async () => {
  const file = join(temporaryFolder(), "events.db");
  const app = new Remembering();
  const { url: to } = await serve(app.handle);
  const watched = await listening({ store: await openStore(file), forward: { to: new URL(to) }, retry: FAST });
  const send = (index: number) => post(watched.listener.url, messageBody(`wamid.customer.${index}`, "customer"));
  expect(await send(0)).toBe(200);
  for (const part of ["", "-wal", "-shm"]) rmSync(file + part);
  writeFileSync(file, "this is no database\n".repeat(100));
  expect(await send(1)).toBe(500);
  // Which problem is noticed first depends on when: that a result cannot be saved, or that forwards cannot be read.
  await until(() => watched.events.some((event) => event.type === "store"));
  rmSync(file);
  expect(await send(1)).toBe(200);
  await until(() => app.ids.length === 2);
});

test("what the app has answered itself is never pending, not even for a moment", async () => {
  const app = new Remembering();
  const { url: to } = await serve(app.handle);
  const store = await openStore(join(temporaryFolder(), "events.db"));
  const record = store.record.bind(store);
  const pending: number[] = [];
  store.record = async (delivery) => {
    const recorded = await record(delivery);
    pending.push(store.pending({ to, limit: 1 }).length);
    return recorded;
  };
  const { listener } = await listening({ store, ack: "app", forward: { to: new URL(to) }, retry: FAST });
  expect(await post(listener.url, messageBody("wamid.111.0", "111"))).toBe(200);
  expect(pending).toEqual([0]);
  expect(store.forwardsOf("1")).toMatchObject([{ state: "delivered", attempts: 1, status: 200 }]);
});

test("while results cannot be written the queue stops at a bound, and goes on with each delivery once", async () => {
  const file = join(temporaryFolder(), "events.db");
  const app = new Remembering();
  const { url: to } = await serve(app.handle);
  const store = await openStore(file);
  const ids = Array.from({ length: 6000 }, (_, index) => `wamid.customer${index}.0`);
  const deliver = (id: string, customer: string) =>
    store.record({ receivedAt: Date.now(), headers: [], body: messageBody(id, customer), keys: [id], forwardTo: [to] });
  await Promise.all(ids.map((id, index) => deliver(id, `customer${index}`)));
  const unlock = await lock(file);
  const { listener } = await listening({ store, forward: { to: new URL(to) }, retry: FAST });
  await until(() => app.ids.length >= 4000);
  const bound = app.ids.length;
  await new Promise((resolve) => setImmediate(resolve));
  expect(app.ids).toHaveLength(bound);
  unlock();
  await until(() => app.ids.length >= ids.length && store.pending({ to, limit: 1 }).length === 0);
  await listener.close();
  expect(app.ids.toSorted()).toEqual(ids.toSorted());
}, 60_000);
