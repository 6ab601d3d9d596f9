/** One callback at Meta through what used to lose it: other verify tokens, colleagues, two listeners, drops in the middle. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, onTestFinished, test } from "vitest";

import type { Level } from "../../src/graph/subscriptions.ts";
import { readEntries } from "../../src/registration/journal.ts";
import { temporaryFolder } from "../support/world.ts";
import { RealFolder, VERIFY_TOKEN } from "./folder.ts";
import { IDS, MetaPeer } from "./meta-peer.ts";

interface Stage {
  peer: MetaPeer;
  folder: RealFolder;
  cwd: string;
  /** A callback that answers to the verify token of the settings, or to another one. */
  callback: (name: string, token?: string) => string;
}

async function stage(level: Level, timeLimit = 10_000): Promise<Stage> {
  const peer = new MetaPeer();
  await peer.start();
  onTestFinished(() => peer.close());
  const cwd = temporaryFolder();
  const callback = (name: string, token = VERIFY_TOKEN) => {
    const url = `${peer.url}/callback/${name}`;
    peer.endpoints.set(url, token);
    return url;
  };
  return { peer, cwd, callback, folder: new RealFolder({ peer, level, cwd, state: undefined, timeLimit }) };
}

const types = ({ events }: RealFolder) => events.map(({ type }) => type);
const recordOf = (cwd: string) => join(cwd, ".wa-hook/registration.json");

/** As 0.1.0 wrote it. */
function writeFirst(cwd: string, record: object): void {
  mkdirSync(join(cwd, ".wa-hook"), { recursive: true });
  writeFileSync(recordOf(cwd), JSON.stringify(record), { mode: 0o600 });
}

test.each<Level>(["phone", "waba", "app"])(
  "an original callback with another verify token is reported first and restored once its token is set, at the level %s",
  async (level) => {
    const { peer, folder, cwd, callback } = await stage(level);
    const [original, ours] = [callback("original", "another-token"), callback("ours")];
    if (level === "app") peer.state.app = { url: original, fields: new Map([["messages", "v25.0"]]) };
    else peer.state[level] = original;
    const now = () => (level === "app" ? peer.state.app?.url : peer.state[level]);
    await folder.start(ours);
    expect(types(folder)).toEqual(["not-restorable", "registered"]);
    await folder.end();
    expect(now()).toBe(ours);
    expect(folder.events.at(-1)).toMatchObject({ type: "not-restored", reason: expect.stringContaining(original) });
    expect(readEntries(cwd)).toMatchObject([{ before: { url: original } }]);
    peer.endpoints.set(original, VERIFY_TOKEN);
    await folder.recover(true);
    expect(now()).toBe(original);
    expect(existsSync(recordOf(cwd))).toBe(false);
  },
);

test("a callback repaired by someone else after a crash is not changed by the next start", async () => {
  const { peer, folder, callback } = await stage("phone");
  peer.state = { subscribed: false };
  await folder.start(callback("ours"));
  folder.kill();
  delete peer.state.phone;
  await folder.recover(false);
  expect(peer.state).toEqual({ subscribed: true });
});

test("a record of 0.1.0 is read, and a callback repaired by someone else is not changed", async () => {
  const { peer, folder, cwd, callback } = await stage("phone");
  const ours = callback("ours");
  const before = { level: "phone", ...IDS, subscribed: false };
  writeFirst(cwd, { url: ours, graphUrl: peer.url, before, pid: 1 });
  peer.state = { subscribed: true };
  await folder.recover(false);
  expect(peer.state).toEqual({ subscribed: true });
  expect(folder.events).toMatchObject([
    { type: "not-restored", reason: expect.stringContaining("by an earlier run or by someone else") },
  ]);
  peer.state = { subscribed: true, phone: ours };
  await folder.recover(false);
  expect(peer.state).toEqual({ subscribed: false });
  expect(existsSync(recordOf(cwd))).toBe(false);
});

test("of two concurrent starts in one folder, one fails and keeps the record of the other", async () => {
  const { peer, folder, cwd, callback } = await stage("phone");
  const original = callback("original");
  peer.state.phone = original;
  const second = new RealFolder({ peer, level: "phone", cwd, state: undefined });
  const started = await Promise.allSettled([folder.start(callback("one")), second.start(callback("two"))]);
  expect(started.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
  expect(readEntries(cwd)).toMatchObject([{ before: { url: original } }]);
  await (started[0].status === "fulfilled" ? folder : second).end();
  expect(peer.state.phone).toBe(original);
});

test("the fields of an app's subscription come back exactly, with their versions", async () => {
  const { peer, folder, callback } = await stage("app");
  const fields = new Map([
    ["account_update", "v24.0"],
    ["flows", "v23.0"],
  ]);
  peer.state.app = { url: callback("original"), fields: new Map(fields) };
  await folder.start(callback("ours"));
  expect([...(peer.state.app?.fields.keys() ?? [])]).toContain("messages");
  await folder.end();
  expect(new Map(peer.state.app.fields)).toEqual(fields);
});

test.each(["drop-before", "drop-after", "error"] as const)(
  "a registration goes on after a request that ends with %s",
  async (kind) => {
    const { peer, folder, callback } = await stage("phone");
    const ours = callback("ours");
    void peer.plan({ at: 3, kind });
    await folder.start(ours);
    expect(peer.state.phone).toBe(ours);
    void peer.plan({ at: 3, kind });
    await folder.end();
    expect(peer.state.phone).toBeUndefined();
  },
);

test("when Meta becomes unreachable during a change, the record keeps the original", async () => {
  const { peer, folder, cwd, callback } = await stage("phone", 20);
  const original = callback("original");
  peer.state.phone = original;
  void peer.plan({ at: 5, kind: "outage" });
  await expect(folder.start(callback("ours"))).rejects.toThrow("closed the connection");
  expect(types(folder)).toEqual(["not-restored"]);
  expect(readEntries(cwd)).toMatchObject([{ before: { url: original } }]);
  void peer.plan(undefined);
  await folder.recover(false);
  expect(peer.state.phone).toBe(original);
});

test("a tunnel's new URL is registered although Meta was away when it changed", async () => {
  const { peer, folder, callback } = await stage("phone");
  await folder.start(callback("ours"));
  void peer.plan({ at: 1, kind: "error" });
  await folder.move(callback("moved"));
  expect(types(folder)).toEqual(["registered", "retrying", "registered"]);
  expect(peer.state.phone).toBe(callback("moved"));
  await folder.end();
  expect(peer.state.phone).toBeUndefined();
});

test("a damaged record or an unknown version is an error with a hint", async () => {
  const { cwd } = await stage("phone");
  for (const text of ["{", "[]", '{"version":3,"registrations":[]}', '{"version":2,"registrations":[{"urls":[]}]}']) {
    mkdirSync(join(cwd, ".wa-hook"), { recursive: true });
    writeFileSync(recordOf(cwd), text, { mode: 0o600 });
    expect(() => readEntries(cwd)).toThrow("is not supported by this version of wa-hook");
    expect(readFileSync(recordOf(cwd), "utf8")).toBe(text);
  }
});
