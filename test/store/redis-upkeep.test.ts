/** `events import`, `prune` and `check` on a shared store, as a person does it. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, onTestFinished, test } from "vitest";

import { main } from "../../src/cli/main.ts";
import { readForwards } from "../../src/store/redis/check-forwards.ts";
import { RedisStore } from "../../src/store/redis/redis-store.ts";
import { Share } from "../../src/store/redis/share.ts";
import type { World } from "../../src/terminal/world.ts";
import { receivedValue, textItem } from "../support/received.ts";
import { hasRedis, sharedRedis, startRedis } from "../support/redis.ts";
import { transcript, wordsOf } from "../support/transcript.ts";
import { temporaryFolder, testWorld } from "../support/world.ts";

const golden = "../transcripts/events-shared.txt";
const DAY_MS = 24 * 60 * 60 * 1000;
/** The time of `testWorld`. */
const NOW = 1_785_500_000_000;
const APP = "http://localhost:3000/webhook";
const { server, fresh } = sharedRedis();

const aged = (days: number, id = `wamid.${days}`) =>
  receivedValue(
    { messages: [textItem(id, "Hello")] },
    { receivedAt: NOW - days * DAY_MS, forwardTo: [APP], headers: [["X-A", "1"]] },
  );

/** A store with deliveries that are so many days old. */
async function recorded(...days: number[]): Promise<{ address: string; store: RedisStore }> {
  const address = fresh();
  const store = await RedisStore.open(address);
  onTestFinished(() => store.close());
  await Promise.all(days.map((each) => store.record(aged(each))));
  return { address, store };
}

/** The same on every machine. */
async function said(line: string, address: string, cwd = temporaryFolder()): Promise<string> {
  const text = await transcript(`${line} --store ${address}`, { cwd });
  return text
    .replaceAll(/\d+\.\d MB/g, "N MB")
    .replaceAll(/(Redis|Valkey) [\d.]+/g, "Redis N")
    .replaceAll(/team-\d+/g, "team");
}

async function idsIn(store: RedisStore): Promise<string[]> {
  const ids: string[] = [];
  for await (const { id } of store.deliveries()) ids.push(id);
  return ids;
}

describe.skipIf(!hasRedis)("on a shared store", () => {
  test("prune deletes what is old, what is too much, or everything, and check finds nothing wrong after it", async () => {
    const { address, store } = await recorded(400, 9, 8, 6, 1);
    await store.record({ ...aged(7), reason: "signature mismatch" });
    const seen = [
      await said("events prune --before 7d", address),
      await said("events prune --before 7d --yes", address),
      await said("events check", address),
      await said("events prune --before 30d --yes", address),
      await said("events prune --all --yes", address),
      await said("events check", address),
    ];
    await expect(seen.join("\n")).toMatchFileSnapshot(golden);
    expect(await idsIn(store)).toEqual([]);
    expect(server().cli("keys", `wa-hook:{${new URL(address).pathname.slice(1)}}:seen:*`)).toBe("");
    // Ids are not used again, and what Meta sends again is new.
    expect(await store.record(aged(1))).toMatchObject({ id: "7", verdict: "accepted" });
  });

  test("what prune says before it asks is what it deletes then", async () => {
    const days = Array.from({ length: 150 }, (_, index) => 200 - index);
    for (const [flags, left] of [
      ["--before 100d", 50],
      ["--keep-size 10k", undefined],
    ] as const) {
      const { address, store } = await recorded(...days);
      let asked = "";
      const confirm = (question: string) => {
        asked = question;
        return Promise.resolve(true);
      };
      const world = Object.assign(testWorld({ cwd: temporaryFolder() }), { ask: { confirm } }) as unknown as World;
      expect(await main(wordsOf(`events prune ${flags} --store ${address} --json`), world)).toBe(0);
      const [, count] = /Delete (?:about )?(\d+) deliveries/.exec(asked) ?? [];
      const found = await store.count({});
      expect(Number(count)).toBe(days.length - found);
      if (left !== undefined) expect(found).toBe(left);
    }
  });

  test("what was exported is imported byte for byte, once, and goes to no app", async () => {
    const { address: from } = await recorded(9, 1);
    const cwd = temporaryFolder();
    const world = testWorld({ cwd });
    await main(wordsOf(`events export --store ${from}`), world);
    writeFileSync(join(cwd, "all.ndjson"), world.stdout.text);
    const { address, store } = await recorded(3);
    const options = { group: "ana", consumer: "ana", to: APP, wanted: () => true, accept: () => {}, notice: () => {} };
    const share = await Share.open(address, options);
    onTestFinished(() => share[Symbol.asyncDispose]());
    share.start();
    expect(await said("events import all.ndjson", address, cwd)).toContain("2 deliveries imported\n");
    expect(await said("events import all.ndjson", address, cwd)).toContain(
      "0 deliveries imported (2 already recorded)\n",
    );
    await store.record(aged(0));
    const rows = async (place: string) => {
      const exported = testWorld({ cwd });
      await main(wordsOf(`events export --store ${place}`), exported);
      return exported.stdout.text.split("\n").map((line) => line.replace(/^\{"id":"\d+",/, ""));
    };
    expect((await rows(address)).slice(1, 3)).toEqual((await rows(from)).slice(0, 2));
    await expect.poll(() => share.pending({ to: APP, limit: 10 }).map(({ id }) => id)).toEqual(["4"]);
    expect(await store.forwardsOf("2")).toEqual([]);
  });

  test("imported deliveries do not end a search by time", async () => {
    const { store } = await recorded(0);
    await store.import(aged(30));
    const found = [];
    for await (const { id } of store.matching({ since: NOW - DAY_MS })) found.push(id);
    expect(found).toEqual(["1"]);
  });

  test("check finds what another program has damaged, and settings that lose deliveries", async () => {
    const lru = await startRedis(["--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru", "--appendfsync", "no"]);
    const store = await RedisStore.open(lru.url);
    onTestFinished(() => store.close());
    for (let day = 9; day >= 6; day--) await store.record(aged(day));
    await store.record({ ...aged(5), reason: "no signature" });
    expect(await readForwards(store, new AbortController().signal)).toMatchObject({
      total: 4,
      pending: 4,
      unqueued: 0,
    });
    lru.cli("xgroup", "create", "wa-hook:{events}:log", "ana", "0");
    await store.prune({ before: NOW - 8 * DAY_MS });
    lru.cli("hset", "wa-hook:{events}:forwards", "t16", APP, `s${3 * 16}`, "odd");
    lru.cli("zrem", `wa-hook:{events}:pending:${APP}`, String(4 * 16));
    lru.cli("xdel", "wa-hook:{events}:log", "5-0");
    lru.cli("xadd", "wa-hook:{events}:log", "6-0", "t", "x");
    const text = await said("events check", `${lru.url}/?replicas=1`);
    expect(text.split("\n").filter((line) => /^[✓✗!]/.test(line))).toEqual([
      expect.stringMatching(/^✓ Server +Redis/),
      expect.stringMatching(/^! Durability +appendfsync is no/),
      expect.stringMatching(/^✗ Replicas +0 connected, 1 waited for/),
      expect.stringMatching(/^✗ Memory .*allkeys-lru: deletes keys/),
      expect.stringMatching(/^✗ Deliveries +1 malformed delivery: 6: has no valid time/),
      expect.stringMatching(
        /^✗ Forwards +4 \(3 pending, 0 failed\): 1 without a delivery, 2 pending and not queued, 1 in an unknown state/,
      ),
      expect.stringMatching(/^! Rejected +1 of 1 without a delivery/),
      expect.stringMatching(/^! Developers +1 group: ana/),
    ]);
    expect(text).toContain("exit 1");
    // What is malformed can be deleted.
    await said("events prune --before 1d --yes", lru.url);
    expect(await idsIn(store)).toEqual([]);
  });
});
