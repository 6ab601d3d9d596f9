/** A large store against one of a thousand deliveries: what each question costs. `DELIVERIES=1000000` makes it a million. */
import { join } from "node:path";

import Database from "libsql";
import { expect, test } from "vitest";

import type { Query } from "../../src/store/query.ts";
import { openStore, type ReadableStore } from "../../src/store/sqlite/sqlite-store.ts";
import { reportAttack } from "../support/attacks.ts";
import { receivedValue, textItem } from "../support/received.ts";
import { temporaryFolder } from "../support/world.ts";

const [FEW, MANY] = [1000, Number(process.env["DELIVERIES"] ?? 100_000)];
const ROUNDS = 5;
/** Every hundredth delivery failed; every second is a message, the others are statuses. */
const MINUTE = 60_000;

/** Deliveries of a hundred customers, one a minute, each forwarded. */
async function filled(count: number): Promise<{ store: ReadableStore; indexMs: number }> {
  const file = join(temporaryFolder(), "events.db");
  const made = await openStore(file);
  await made.record(receivedValue({ messages: [textItem("wamid.first")] }));
  await made.close();
  const database = new Database(file);
  database.exec(`PRAGMA busy_timeout = 5000; PRAGMA synchronous = OFF;
    INSERT INTO deliveries (received_at, headers, body, verdict)
    WITH RECURSIVE more(n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM more WHERE n < ${count})
    SELECT n * ${MINUTE}, '[]', CAST(iif(n % 2,
      format('{"object":"whatsapp_business_account","entry":[{"changes":[{"field":"messages","value":{"messages":[{"from":"1650555%04d","id":"wamid.%d","timestamp":"%d","type":"text","text":{"body":"Question %d"}}]}}]}]}', n % 100, n, n * 60, n),
      format('{"object":"whatsapp_business_account","entry":[{"changes":[{"field":"messages","value":{"statuses":[{"id":"wamid.%d","status":"%s","timestamp":"%d","recipient_id":"1650555%04d"}]}}]}]}', n, iif(n % 4, 'sent', 'read'), n * 60, n % 100)
    ) AS BLOB), 'accepted' FROM more;
    INSERT INTO forwards (delivery, target, state, attempts)
      SELECT id, 'http://localhost:3000/webhook', iif(id % 100, 'delivered', 'failed'), 1 FROM deliveries;`);
  database.close();
  const store = await openStore(file);
  const started = performance.now();
  await store.index(new AbortController().signal);
  return { store, indexMs: performance.now() - started };
}

function questions(count: number): Record<string, (store: ReadableStore) => unknown> {
  const text: Query = { kinds: ({ kind }) => kind === "text" };
  const customer = "16505550050";
  const page = (query: Query) => (store: ReadableStore) => [...store.matching({ ...query, newest: 20 })].length;
  const total = (query: Query) => (store: ReadableStore) => store.count(query);
  return {
    "list, newest 20": page({}),
    "list --kind text": page(text),
    "list --kind of three": page({ kinds: ({ kind }) => ["text", "read", "sent"].includes(kind) }),
    "list --from": page({ customer: "16505550051", direction: "from" }),
    "list --since, a day": page({ since: (count - 1440) * MINUTE }),
    "list --status failed": page({ status: "failed" }),
    "list --status delivered": page({ status: "delivered" }),
    "list --search, a recent text": page({ search: "question" }),
    "list --search, nowhere": page({ search: "nowhere" }),
    show: (store) => store.get(String(Math.floor(count / 2))),
    "count, all": total({}),
    "count --kind text": total(text),
    "count --kind text --since": total({ ...text, since: (count / 2) * MINUTE }),
    "count --status failed": total({ status: "failed" }),
    "count --status delivered": total({ status: "delivered" }),
    conversation: (store) => [...store.matching({ customer, newest: 200 })].length,
    customers: (store) => store.customers(20).length,
  };
}

function medianMs(work: () => unknown): number {
  const times = Array.from({ length: ROUNDS }, () => {
    const started = performance.now();
    work();
    return performance.now() - started;
  });
  return times.toSorted((one, other) => one - other)[Math.floor(ROUNDS / 2)] ?? 0;
}

test("questions to a large store have the answers of a small one", { timeout: 900_000 }, async () => {
  const [few, many] = [await filled(FEW), await filled(MANY)];
  const perSecond = Math.round((MANY / many.indexMs) * 1000);
  reportAttack({
    attack: "index of events, deliveries per second",
    before: "",
    after: perSecond.toLocaleString("en-US"),
  });
  const [small, large] = [questions(FEW), questions(MANY)];
  for (const [what, ask] of Object.entries(large)) {
    const before = medianMs(() => small[what]?.(few.store));
    const after = medianMs(() => ask(many.store));
    const ratio = (after / before).toFixed(1);
    reportAttack({
      attack: `events ${what}`,
      before: `${before.toFixed(2)} ms of ${FEW.toLocaleString("en-US")}`,
      after: `${after.toFixed(2)} ms of ${MANY.toLocaleString("en-US")} (${ratio} ×)`,
    });
  }
  const { store } = many;
  expect(store.count({})).toBe(MANY);
  expect(store.count({ kinds: ({ kind }) => kind === "text" })).toBe(MANY / 2);
  expect(store.count({ status: "failed" })).toBe(MANY / 100);
  expect([...store.matching({ status: "failed", newest: 3 })].map(({ id }) => Number(id))).toEqual([
    MANY - 200,
    MANY - 100,
    MANY,
  ]);
  await few.store.close();
  await store.close();
});
