/** Queries find exactly what a look at every delivery would find, and never look at every delivery. */
import { join } from "node:path";

import fc from "fast-check";
import Database from "libsql";
import { expect, onTestFinished, test } from "vitest";

import { QUERY_STATUSES, type Query } from "../../src/store/query.ts";
import {
  COUNT_BY_TIME,
  countOf,
  CUSTOMERS,
  ID_BOUNDS,
  pageOf,
  RECENT_CUSTOMERS,
  type Resolved,
  type Selection,
} from "../../src/store/sqlite/query.ts";
import { isMalformed } from "../../src/store/sqlite/rows.ts";
import { openStore, type ReadableStore } from "../../src/store/sqlite/sqlite-store.ts";
import type { Delivery, Received } from "../../src/store/store.ts";
import { partiesOf } from "../../src/webhook/parties.ts";
import { receivedValue, statusItem, textItem } from "../support/received.ts";
import { temporaryFolder } from "../support/world.ts";

const APPS = ["http://localhost:3000/webhook", "http://localhost:4000/webhook"];
const PEOPLE = ["16505551234", "16505555678", "US.10020030040050060070"];
const { signal } = new AbortController();

async function opened(): Promise<{ store: ReadableStore; file: string }> {
  const file = join(temporaryFolder(), "events.db");
  const store = await openStore(file);
  onTestFinished(() => store.close());
  return { store, file };
}

/** Deliveries of several customers, kinds and verdicts, out of the order of time, some of them forwarded. */
async function filled(): Promise<{ store: ReadableStore; file: string }> {
  const { store, file } = await opened();
  for (let n = 0; n < 60; n++) {
    const person = PEOPLE[n % 3] ?? "";
    const more: Partial<Received> = { receivedAt: (n * 37) % 60, ...(n % 4 === 0 ? {} : { forwardTo: APPS }) };
    const image = { from: person, id: `image ${n}`, timestamp: "1785499200", type: "image", image: { id: "1" } };
    const values = [
      { messages: [textItem(`text ${n}`, n % 7 === 0 ? "The Hinge" : "Hello", person)] },
      { statuses: [statusItem("sent", `status ${n}`, { recipient_id: person }), statusItem("read", `other ${n}`)] },
      { messages: [textItem(`both ${n}`, "hinge", PEOPLE[0]), image] },
      { messages: [textItem("again", "Hello", person)] },
    ];
    const reason = n % 11 === 0 ? { reason: "signature mismatch" } : {};
    const { forwards } = await store.record(receivedValue(values[n % 4] ?? {}, { ...more, ...reason }));
    for (const [at, id] of forwards.entries()) {
      const state = (["pending", "failed", "delivered"] as const)[(n + at) % 3] ?? "pending";
      await store.settle({ id, state, attempts: 1, at: 1, status: 200 });
    }
  }
  await store.index(signal);
  return { store, file };
}

function meets(query: Query, delivery: Delivery, store: ReadableStore): boolean {
  const { kinds, customer, direction, since = 0, until = Infinity, before = "1000", status, search } = query;
  if (Number(delivery.id) >= Number(before)) return false;
  if (delivery.receivedAt < since || delivery.receivedAt >= until) return false;
  if (status !== undefined && status !== delivery.verdict) {
    if (!store.forwardsOf(delivery.id).some(({ state }) => state === status)) return false;
  }
  if (kinds === undefined && customer === undefined && search === undefined) return true;
  const text = search?.toLowerCase() ?? "";
  if (delivery.verdict === "rejected") {
    return kinds === undefined && customer === undefined && (delivery.reason ?? "").includes(text);
  }
  return delivery.events.some((event) => {
    const parties = partiesOf(event);
    if (kinds?.(event) === false) return false;
    if (customer !== undefined && parties.customer !== customer) return false;
    if (direction !== undefined && parties.outgoing !== (direction === "to")) return false;
    return [event.summary, event.name, event.id, event.from, event.to].some((part) =>
      part?.toLowerCase().includes(text),
    );
  });
}

const present = <Value>(values: readonly Value[]) => fc.option(fc.constantFrom(...values), { nil: undefined });

const queries = fc
  .record({
    kinds: present([
      ["text"],
      ["text", "image"],
      ["sent", "read"],
      ["text", "image", "sent", "read", "played"],
      ["none"],
    ]),
    customer: present([...PEOPLE, "nobody"]),
    direction: present(["from", "to"] as const),
    since: present([0, 20, 59, 100]),
    until: present([0, 10, 40, 100]),
    status: present(QUERY_STATUSES),
    search: present(["hinge", "HELLO", "text 7", "mismatch", "nowhere"]),
    before: present(["1", "30", "60", "1000"]),
    newest: present([1, 3, 100]),
  })
  .map(({ kinds, direction, ...rest }): Query => {
    const others = Object.entries(rest).filter(([, value]) => value !== undefined);
    return {
      ...Object.fromEntries(others),
      ...(kinds === undefined ? {} : { kinds: ({ kind }) => kinds.includes(kind) }),
      ...(rest.customer === undefined || direction === undefined ? {} : { direction }),
    };
  });

test("a query finds what a look at every delivery finds, in order, and counts it", async () => {
  const { store } = await filled();
  const all = [...store.deliveries()];
  fc.assert(
    fc.property(queries, (query) => {
      const expected = all.filter((each) => meets(query, each, store)).map(({ id }) => id);
      expect([...store.matching(query)].map(({ id }) => id)).toEqual(expected.slice(-(query.newest ?? 1000)));
      expect(store.count(query)).toBe(expected.length);
      expect(store.count(query, 3)).toBeGreaterThanOrEqual(Math.min(3, expected.length));
    }),
    { numRuns: 400 },
  );
}, 60_000);

test("only deliveries after an id are found where that is asked", async () => {
  const { store } = await filled();
  const all = [...store.matching({ status: "accepted" })].map(({ id }) => id);
  const [third = ""] = all.slice(2);
  expect([...store.matching({ status: "accepted", after: third })].map(({ id }) => id)).toEqual(all.slice(3));
  expect([...store.matching({ after: "58" })].map(({ id }) => id)).toEqual(["59", "60"]);
});

const EVENT_CONDITIONS: readonly Partial<Resolved>[] = [
  {},
  { kinds: [1] },
  { kinds: [1, 2, 3] },
  { kinds: Array.from({ length: 60 }, (_, id) => id) },
  { customer: "16505551234" },
  { customer: "16505551234", direction: "from" },
  { customer: "16505551234", direction: "to", kinds: [1, 2], search: "x" },
  { search: "x" },
  { kinds: [1, 2], search: "x" },
];

test("no query scans a table", async () => {
  const { file } = await filled();
  const database = new Database(file);
  onTestFinished(() => void database.close());
  const plans = new Set<string>();
  const explain = ({ sql, parameters }: Selection, ...more: unknown[]) => {
    const steps = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all([...parameters, ...more]) as { detail: string }[];
    for (const { detail } of steps) {
      plans.add(detail);
      // Of what a subquery returns, each row is read once.
      const scans = /^SCAN (?!\(?subquery|CONSTANT)/i.test(detail);
      expect(scans ? [detail, sql] : []).toEqual([]);
      // All that is found would be sorted for each page.
      expect(/TEMP B-TREE/.test(detail) && sql !== CUSTOMERS && sql !== RECENT_CUSTOMERS ? [detail, sql] : []).toEqual(
        [],
      );
    }
  };
  const bounds = { after: "0", end: "60" };
  for (const status of [undefined, ...QUERY_STATUSES]) {
    for (const event of EVENT_CONDITIONS) {
      for (const time of [{}, { since: 1 }, { until: 9 }, { since: 1, until: 9 }]) {
        const query = { ...event, ...time, ...(status === undefined ? {} : { status }) };
        explain(pageOf(query, bounds, "ASC"), 64, 0);
        explain(pageOf(query, bounds, "DESC"), 64, 0);
        explain(countOf(query, bounds), 100);
      }
    }
  }
  explain({ sql: COUNT_BY_TIME, parameters: [0, 9] });
  explain({ sql: ID_BOUNDS, parameters: [0, 9] });
  explain({ sql: CUSTOMERS, parameters: [20] });
  explain({ sql: RECENT_CUSTOMERS, parameters: [20] });
  expect(plans.size).toBeGreaterThan(10);
});

test("customers are listed by their newest event", async () => {
  const { store } = await filled();
  const customers = store.customers(10);
  expect(customers.map(({ customer }) => customer).toSorted()).toEqual(PEOPLE.toSorted());
  for (const { customer, incoming, events, last } of customers) {
    const all = [...store.deliveries()].flatMap((delivery) =>
      delivery.events.map((event) => ({ id: delivery.id, ...partiesOf(event) })),
    );
    const own = all.filter((each) => each.customer === customer);
    expect([events, incoming, last]).toEqual([own.length, own.filter((each) => !each.outgoing).length, own.at(-1)?.id]);
  }
  expect(store.customers(1)).toEqual(customers.slice(0, 1));
  expect(store.recentCustomers(10).map(({ last }) => last)).toEqual(customers.map(({ last }) => last));
  expect(new Set(store.recentCustomers(10))).toEqual(
    new Set(customers.map(({ customer, last }) => ({ customer, last }))),
  );
});

test("the index is built in bounded steps, and only what is new is added", async () => {
  const { store } = await opened();
  for (let n = 0; n < 450; n++) void store.record(receivedValue({ messages: [textItem(`${n}`)] }));
  await store.record(receivedValue({ messages: [textItem("last")] }));
  const found = () => store.count({ kinds: ({ kind }) => kind === "text" });
  const steps: number[] = [];
  expect(store.unindexed).toBe(451);
  while (store.indexMore?.() === true) steps.push(found());
  expect(steps.filter((count) => count > 0)).toEqual([200, 400, 451]);
  expect(store.unindexed).toBe(0);
  await store.record(receivedValue({ messages: [textItem("new")] }));
  expect([found(), store.unindexed]).toEqual([451, 1]);
  await store.index(signal);
  expect([found(), store.indexMore?.()]).toEqual([452, false]);
});

test("an index of another version is emptied and built again", async () => {
  const { store, file } = await filled();
  const query: Query = { kinds: ({ kind }) => kind === "text" };
  const before = store.count(query);
  const database = new Database(file);
  onTestFinished(() => void database.close());
  database.exec("UPDATE indexed SET reader = 99; UPDATE events SET kind = 999, customer = 'wrong'");
  expect(store.count(query)).toBe(0);
  expect(store.unindexed).toBe(60);
  await store.index(signal);
  expect(store.count(query)).toBe(before);
  expect(store.count({ customer: "wrong" })).toBe(0);
});

test("two processes that index at once add each event once", async () => {
  const { store, file } = await opened();
  for (let n = 0; n < 600; n++) void store.record(receivedValue({ messages: [textItem(`${n}`)] }));
  await store.record(receivedValue({ messages: [textItem("last")] }));
  const other = await openStore(file);
  onTestFinished(() => other.close());
  await Promise.all([store.index(signal), other.index(signal)]);
  const database = new Database(file);
  onTestFinished(() => void database.close());
  expect(database.prepare("SELECT count(*) AS events FROM events").get([])).toMatchObject({ events: 601 });
  expect(other.count({ customer: "16505551234" })).toBe(601);
});

test("deleted deliveries leave the index", async () => {
  const { store, file } = await filled();
  const database = new Database(file);
  database.exec("PRAGMA busy_timeout = 5000; DELETE FROM deliveries WHERE id <= 30");
  database.close();
  expect(
    [...store.matching({ customer: PEOPLE[0] ?? "" })].every((row) => !isMalformed(row) && Number(row.id) > 30),
  ).toBe(true);
  expect(store.count({ customer: PEOPLE[0] ?? "" })).toBe([...store.matching({ customer: PEOPLE[0] ?? "" })].length);
});

test("requeued forwards are pending and due, and missing ones are created", async () => {
  const { store } = await opened();
  const body = receivedValue({ messages: [textItem("1")] }, { forwardTo: [APPS[0] ?? ""] });
  const { id, forwards } = await store.record(body);
  const [forward = ""] = forwards;
  await store.settle({
    id: forward,
    state: "failed",
    attempts: 10,
    at: 5,
    status: 500,
    ms: 3,
    response: "no",
    nextAt: 9,
  });
  expect(await store.requeue([id], { onlyFailed: true })).toEqual([APPS[0]]);
  expect(store.forwardsOf(id)).toEqual([{ id: forward, delivery: id, to: APPS[0], state: "pending", attempts: 0 }]);
  expect(await store.requeue([id], { onlyFailed: true })).toEqual([]);
  expect(await store.requeue([id, id], { to: APPS[1] ?? "" })).toEqual([APPS[1], APPS[1]]);
  expect(store.forwardsOf(id).map(({ to, state }) => [to, state])).toEqual(APPS.map((to) => [to, "pending"]));
});

test("exactly the same delivery is known", async () => {
  const { store } = await opened();
  const delivery = receivedValue({ messages: [textItem("1")] }, { receivedAt: 5 });
  await store.record(delivery);
  expect(store.has(delivery)).toBe(true);
  expect(store.has({ ...delivery, receivedAt: 6 })).toBe(false);
  expect(store.has({ ...delivery, body: Buffer.from("{}") })).toBe(false);
});
