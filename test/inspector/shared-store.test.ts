/** The page of a listener with a shared store: the same as with a file, and with what other replicas receive. */
import { describe, expect, onTestFinished, test } from "vitest";

import type { Bubble, DeliveryRow } from "../../src/inspector/api.ts";
import { RedisStore } from "../../src/store/redis/redis-store.ts";
import { post, wireOf } from "../support/http.ts";
import { receivedValue, textItem } from "../support/received.ts";
import { hasRedis, replica, sharedRedis, startRedis } from "../support/redis.ts";
import { openEvents, stage } from "./stage.ts";

const CUSTOMER = "16505551234";
const { fresh } = sharedRedis();

describe.skipIf(!hasRedis)("the page of a shared store", () => {
  test("pages, filters and counts the deliveries as with a file", async () => {
    const { ask, listener, next } = await stage({ shared: fresh(), reply: () => undefined });
    for (let index = 0; index < 5; index++) await post(listener.url, wireOf("text", `wamid.${index}`));
    await post(listener.url, wireOf("text", "wamid.0"));
    await post(listener.url, wireOf("status.failed"));
    await post(listener.url, wireOf("image"), { "content-type": "application/json" });
    await next("rejected");
    const list = async (query: string) => (await ask(`/api/deliveries?${query}`)).json;
    const first = await list("limit=3");
    expect(first).toMatchObject({ count: { value: 8, atLeast: false }, next: "6" });
    expect(first.rows.map(({ verdict }: DeliveryRow) => verdict)).toEqual(["rejected", "accepted", "duplicate"]);
    const ids = async (query: string) => (await list(query)).rows.map(({ id }: DeliveryRow) => id);
    expect(await ids("limit=10&before=6")).toEqual(["5", "4", "3", "2", "1"]);
    expect(await ids("kind=failed")).toEqual(["7"]);
    expect(await ids("kind=text&before=4")).toEqual(["3", "2", "1"]);
    expect(await ids("status=rejected")).toEqual(["8"]);
    expect(await ids("search=wamid.3")).toEqual(["4"]);
    expect(await ids(`from=${CUSTOMER}&limit=2`)).toEqual(["7", "6"]);
    expect((await ask("/api/deliveries?kind=imgae")).status).toBe(400);
    expect((await ask("/api/deliveries/99")).status).toBe(404);
  });

  test("shows a delivery, its forwards and the conversation of which it is part", async () => {
    const { ask, until, appUrl } = await stage({ shared: fresh() });
    const sent = await ask("/api/customer/messages", { json: { message: "Are you open?", from: { name: "Sheena" } } });
    const page = await until(`/api/conversations/${CUSTOMER}`, ({ bubbles }) => bubbles[1]?.state === "delivered");
    const [question, answer] = page.bubbles as [Bubble, Bubble];
    expect(question).toMatchObject({ id: sent.json.id, lines: ["Are you open?"] });
    expect(answer).toMatchObject({ outgoing: true, quoted: { id: sent.json.id } });
    const detail = await until(`/api/deliveries/${question.delivery}`, ({ forwards }) => forwards[0]?.status === 200);
    expect(detail.forwards).toMatchObject([{ to: appUrl, state: "delivered" }]);
    expect((await ask("/api/conversations")).json).toMatchObject([{ customer: CUSTOMER, name: "Sheena" }]);
    expect((await ask("/api/conversations?search=open")).json).toHaveLength(1);
    expect((await ask("/api/deliveries?status=delivered")).json.rows.length).toBeGreaterThan(0);
    expect((await ask(`/api/deliveries/${question.delivery}/replay`, { json: {} })).json).toMatchObject({
      status: 200,
    });
  });

  test("is told to load again when another replica has received something, and shows it", async () => {
    const address = fresh();
    const { inspector, ask, listener } = await stage({ shared: address, reply: () => undefined });
    const other = await replica(address);
    const live = openEvents(inspector);
    await live.opened;
    await post(listener.url, wireOf("text", "wamid.own"));
    expect((await live.next()).live).toMatchObject({ source: "listener", row: { id: "1" } });
    await post(other.listener.url, wireOf("text", "wamid.other"));
    while ((await live.next()).live.source !== "lost");
    expect((await ask("/api/deliveries?search=wamid.other")).json.rows).toHaveLength(1);
  });

  test("no longer shows what was deleted, and starts again with a store that was emptied", async () => {
    const address = fresh();
    const { ask } = await stage({ shared: address });
    const store = await RedisStore.open(address);
    onTestFinished(() => store.close());
    const record = (n: number) =>
      store.record(receivedValue({ messages: [textItem(`wamid.${n}`, "Hello", CUSTOMER)] }, { receivedAt: n }));
    for (let n = 1; n <= 30; n++) await record(n);
    const ids = async () => (await ask("/api/deliveries")).json.rows.map(({ id }: DeliveryRow) => Number(id));
    expect(await ids()).toHaveLength(30);
    await store.prune({ before: 6 });
    expect((await ids()).at(-1)).toBe(6);
    await store.connection.command(["FLUSHALL"]);
    expect(await ids()).toEqual([]);
    await record(31);
    expect(await ids()).toEqual([1]);
  });

  test("says that the store does not answer, and goes on when it does", async () => {
    const redis = await startRedis();
    const { ask, listener } = await stage({ shared: redis.url, reply: () => undefined });
    await post(listener.url, wireOf("text", "wamid.1"));
    expect((await ask("/api/deliveries")).json.rows).toHaveLength(1);
    await redis.kill();
    expect(await ask("/api/deliveries")).toMatchObject({
      status: 502,
      json: { hint: expect.stringContaining("Redis") },
    });
    await redis.restart();
    await expect.poll(async () => (await ask("/api/deliveries")).status, { timeout: 5000 }).toBe(200);
  });
});
