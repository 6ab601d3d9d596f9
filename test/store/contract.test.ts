/** What every store does: the same tests in memory, on disk and on a Redis server. */
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { SEEN_FOR_MS } from "../../src/store/duplicates.ts";
import type { Forward } from "../../src/store/forward.ts";
import { MemoryStore } from "../../src/store/memory.ts";
import { QUERY_STATUSES, type Query } from "../../src/store/query.ts";
import { RedisStore } from "../../src/store/redis/redis-store.ts";
import { openStore } from "../../src/store/sqlite/sqlite-store.ts";
import type { Delivery, Received, Store } from "../../src/store/store.ts";
import { receivedValue, statusItem, textItem } from "../support/received.ts";
import { hasRedis, sharedRedis } from "../support/redis.ts";
import { temporaryFolder } from "../support/world.ts";

const T0 = 1_785_499_200_000;
const [A, B] = ["http://localhost:3000/webhook", "http://localhost:4000/webhook"];

const { fresh } = sharedRedis();

/** What a store gives at once or a moment later. */
type Soon<Method> = Method extends (...given: infer Given) => infer Result
  ? (...given: Given) => Result | Promise<Awaited<Result>>
  : never;
type Tested = Pick<Store, "record" | "settle" | "isDuplicate" | "close"> & {
  [Key in "get" | "last" | "forwardsOf" | "pending" | "stats"]: Soon<Store[Key]>;
} & { deliveries(newest?: number): Iterable<Delivery> | AsyncIterable<Delivery> };

const stores: [name: string, open: () => Promise<Tested>][] = [
  ["the store on disk", () => openStore(join(temporaryFolder(), "events.db"))],
  ["the store in memory", () => Promise.resolve(new MemoryStore())],
  ...(hasRedis ? [["the shared store", () => RedisStore.open(fresh())] as [string, () => Promise<Tested>]] : []),
];

function received(keys: (string | undefined)[], more: Partial<Received> = {}): Received {
  return {
    receivedAt: T0,
    headers: [["X-Test", "1"]],
    body: Buffer.from([0x7b, 0x00, 0xff, 0x7d]),
    keys,
    ...more,
  };
}

async function all(deliveries: Iterable<Delivery> | AsyncIterable<Delivery>): Promise<Delivery[]> {
  const found: Delivery[] = [];
  for await (const each of deliveries) found.push(each);
  return found;
}

describe.each(stores)("%s", (_, open) => {
  test("returns recorded deliveries byte for byte", async () => {
    const store = await open();
    const delivery = received(["a"], {
      receivedAt: T0,
      headers: [
        ["X-One", "1"],
        ["x-one", "2"],
      ],
    });
    const { id, verdict } = await store.record(delivery);
    expect(verdict).toBe("accepted");
    const { keys: _, ...kept } = delivery;
    expect(await store.get(id)).toMatchObject({ ...kept, id, verdict: "accepted" });
    expect((await store.last())?.id).toBe(id);
    expect(await store.get("4711")).toBeUndefined();
    await store.close();
  });

  test("lists from the oldest to the newest, and only the newest when asked", async () => {
    const store = await open();
    const recorded = await Promise.all(["a", "b", "c"].map((key) => store.record(received([key]))));
    const ids = recorded.map(({ id }) => id);
    expect(new Set(ids).size).toBe(3);
    expect((await all(store.deliveries())).map(({ id }) => id)).toEqual(ids);
    expect((await all(store.deliveries(2))).map(({ id }) => id)).toEqual(ids.slice(1));
    await store.close();
  });

  test("a delivery is a duplicate when all its events were seen before, even within one batch", async () => {
    const store = await open();
    const verdicts = await Promise.all(
      [["a"], ["a"], ["a", "b"], ["b", "a"], ["c", undefined], ["c"], [], []].map((keys) =>
        store.record(received(keys)),
      ),
    );
    expect(verdicts.map(({ verdict }) => verdict)).toEqual([
      "accepted",
      "duplicate",
      "accepted",
      "duplicate",
      "accepted",
      "duplicate",
      "accepted",
      "accepted",
    ]);
    await store.close();
  });

  test("an event is new again after seven days", async () => {
    const store = await open();
    const at = async (receivedAt: number) => (await store.record(received(["a"], { receivedAt }))).verdict;
    const now = Date.now();
    expect(await at(now)).toBe("accepted");
    expect(await at(now + SEEN_FOR_MS)).toBe("duplicate");
    expect(await at(now + SEEN_FOR_MS + 1)).toBe("accepted");
    await store.close();
  });

  test("a rejected delivery is saved with its reason and does not mark its events as seen", async () => {
    const store = await open();
    const { id, verdict } = await store.record(received(["a"], { reason: "signed with another secret" }));
    expect(verdict).toBe("rejected");
    expect((await store.get(id))?.reason).toBe("signed with another secret");
    expect((await store.record(received(["a"]))).verdict).toBe("accepted");
    await store.close();
  });

  test("forwards are pending until they are settled, and a failed one stays known", async () => {
    const store = await open();
    const forwardTo = [A, B];
    const first = await store.record(received(["a"], { forwardTo }));
    const again = await store.record(received(["a"], { forwardTo }));
    const second = await store.record(received(["b"], { forwardTo: [A] }));
    expect([first.forwards.length, again.forwards, second.forwards.length]).toEqual([2, [], 1]);
    const [one = "", other = ""] = first.forwards;
    expect((await store.pending({ to: A, limit: 10 })).map(({ id }) => id)).toEqual([one, ...second.forwards]);
    expect((await store.pending({ to: A, limit: 10, after: one })).map(({ id }) => id)).toEqual(second.forwards);
    expect(await store.pending({ to: A, limit: 1 })).toEqual([
      { id: one, delivery: first.id, to: A, state: "pending", attempts: 0 },
    ]);
    await store.settle({ id: one, state: "delivered", attempts: 1, at: 5, status: 200, ms: 1.5 });
    await store.settle({
      id: other,
      state: "pending",
      attempts: 1,
      at: 6,
      status: 500,
      ms: 2,
      response: "no",
      nextAt: 9,
    });
    await store.settle({ id: second.forwards[0] ?? "", state: "failed", attempts: 8, at: 7 });
    expect(await store.forwardsOf(first.id)).toEqual([
      { id: one, delivery: first.id, to: A, state: "delivered", attempts: 1, at: 5, status: 200, ms: 1.5 },
      {
        id: other,
        delivery: first.id,
        to: B,
        state: "pending",
        attempts: 1,
        at: 6,
        status: 500,
        ms: 2,
        response: "no",
        nextAt: 9,
      },
    ]);
    expect(await store.pending({ to: A, limit: 10 })).toEqual([]);
    expect(await store.stats()).toMatchObject({
      deliveries: 3,
      forwards: expect.arrayContaining([
        { to: A, pending: 0, failed: 1 },
        { to: B, pending: 1, failed: 0, oldestPending: T0 },
      ]),
    });
    await store.close();
  });

  test("a delivery whose app has answered has its result at once", async () => {
    const store = await open();
    const answered = { state: "failed" as const, attempts: 1, at: 3, status: 500, ms: 4 };
    const { id, forwards } = await store.record(received([], { forwardTo: [A, B], answered }));
    const [one, other] = forwards;
    expect(await store.forwardsOf(id)).toEqual([
      { id: one, delivery: id, to: A, ...answered },
      { id: other, delivery: id, to: B, state: "pending", attempts: 0 },
    ]);
    expect(await store.pending({ to: A, limit: 10 })).toEqual([]);
    await store.close();
  });

  test("whether a delivery would be a duplicate is known before it is recorded, and asking marks nothing", async () => {
    const store = await open();
    const [a, b] = [received(["a"]), received(["a", "b"])];
    expect([await store.isDuplicate(a), await store.isDuplicate(a)]).toEqual([false, false]);
    await store.record(a);
    expect([await store.isDuplicate(a), await store.isDuplicate(b)]).toEqual([true, false]);
    expect(await store.isDuplicate({ ...a, scope: "port 9 " })).toBe(false);
    expect(await store.isDuplicate({ ...a, keys: [undefined] })).toBe(false);
    await store.close();
  });
});

test.each(stores)(
  "%s keeps the newest 16 MB of rejected bodies, and never drops accepted ones for them",
  async (_, open) => {
    const store = await open();
    const body = Buffer.alloc(3 * 1024 * 1024);
    await store.record(received(["a"]));
    for (let round = 0; round < 8; round++) await store.record(received([], { body, reason: "no" }));
    expect((await all(store.deliveries())).map(({ verdict, id }) => `${verdict} ${id}`)).toEqual([
      "accepted 1",
      ...["5", "6", "7", "8", "9"].map((id) => `rejected ${id}`),
    ]);
    await store.close();
  },
);

test.skipIf(!hasRedis)("the shared store finds what the store on disk finds", async () => {
  const disk = await openStore(join(temporaryFolder(), "events.db"));
  const shared = await RedisStore.open(fresh());
  const apps = [A, B].map(String);
  for (let n = 0; n < 150; n++) {
    const customer = `1650555000${n % 4}`;
    const value =
      n % 3 === 0
        ? { statuses: [statusItem(n % 2 === 0 ? "read" : "failed", `wamid.${n}`, { recipient_id: customer })] }
        : { messages: [textItem(`wamid.${n - (n % 11 === 0 ? 4 : 0)}`, `Order ${n % 7}`, customer)] };
    const more = { receivedAt: T0 + n * 1000, ...(n % 4 === 0 ? {} : { forwardTo: apps }) };
    const delivery = receivedValue(value, n % 13 === 0 ? { ...more, keys: [], reason: "no signature" } : more);
    for (const store of [disk, shared]) {
      const { forwards } = await store.record(delivery);
      const state = (["pending", "failed", "delivered"] as const)[n % 3] ?? "pending";
      for (const id of forwards) await store.settle({ id, state, attempts: 1, at: 1 });
    }
  }
  await disk.index(new AbortController().signal);
  const isText = ({ kind }: { kind: string }) => kind === "text";
  const queries: Query[] = [
    {},
    { newest: 5 },
    { after: "140" },
    { before: "12" },
    { before: "90", newest: 4 },
    { kinds: isText, before: "90", newest: 4 },
    { kinds: isText },
    { kinds: isText, newest: 7 },
    { customer: "16505550001" },
    { customer: "16505550001", direction: "to", newest: 3 },
    { search: "order 3" },
    { search: "SIGNATURE" },
    { since: T0 + 20_000, until: T0 + 90_000 },
    { since: T0 + 20_000, kinds: isText, customer: "16505550002", direction: "from", newest: 4 },
    ...QUERY_STATUSES.map((status) => ({ status })),
    { status: "failed", newest: 2, after: "10" },
  ];
  for (const query of queries) {
    const found = [];
    for await (const { id } of shared.matching(query)) found.push(id);
    expect([query, found]).toEqual([query, [...disk.matching(query)].map(({ id }) => id)]);
    expect([query, await shared.count(query)]).toEqual([query, disk.count(query)]);
  }
  expect(await shared.customers(3)).toEqual(disk.customers(3));
  const names = (kinds: { kind: string }[]) => kinds.map(({ kind }) => kind).toSorted();
  expect(names(await shared.kinds())).toEqual(names(disk.kinds()));
  for (const [ids, retry] of [
    [["2", "5"], {}],
    [["2", "3", "5", "8"], { onlyFailed: true }],
    [["5", "4"], { to: "http://localhost:5000/webhook" }],
  ] as const) {
    expect(await shared.requeue(ids, retry)).toEqual(await disk.requeue(ids, retry));
    for (const id of ids) {
      const states = (forwards: Forward[]) => forwards.map(({ to, state, attempts }) => ({ to, state, attempts }));
      expect(states(await shared.forwardsOf(id))).toEqual(states(disk.forwardsOf(id)));
    }
  }
  await Promise.all([disk.close(), shared.close()]);
});
