/** The shared store between listeners: who forwards, who takes over, and what happens when the server is full, slow or gone. */
import { describe, expect, onTestFinished, test } from "vitest";

import { Monitor } from "../../src/listener/monitor/monitor.ts";
import { openListenerStore } from "../../src/store/redis/listener-store.ts";
import { RedisStore } from "../../src/store/redis/redis-store.ts";
import { messageBody, Remembering } from "../support/faults.ts";
import { listening, post, serve } from "../support/http.ts";
import { hasRedis, replica, sharedRedis, startRedis, wireTo } from "../support/redis.ts";

const { fresh } = sharedRedis();
const ids = (count: number, name = "m") => Array.from({ length: count }, (_, n) => `wamid.${name}${n}`);

describe.skipIf(!hasRedis)("replicas on a shared store", () => {
  test("acknowledge each delivery once, and the app gets each customer's deliveries in order, whoever received them", async () => {
    const address = fresh();
    const app = new Remembering();
    const { url } = await serve(app.handle);
    const replicas = await Promise.all([1, 2, 3].map(() => replica(address, url)));
    for (const [n, id] of ids(30).entries()) {
      const body = messageBody(id, "16505551234");
      const receivers = n % 2 === 0 ? replicas.slice(0, 2) : replicas.slice(2);
      const statuses = await Promise.all(receivers.map(({ listener }) => post(listener.url, body)));
      expect(statuses).toEqual(receivers.map(() => 200));
    }
    await expect.poll(() => app.ids, { timeout: 10_000 }).toEqual(ids(30));
    const store = await RedisStore.open(address);
    onTestFinished(() => store.close());
    expect(await store.count({ status: "accepted" })).toBe(30);
    expect(await store.count({ status: "duplicate" })).toBe(15);
    await expect.poll(() => store.count({ status: "delivered" })).toBe(30);
  });

  test("take over the forwards of a replica that has ended", async () => {
    const address = fresh();
    const [first, second] = [new Remembering(), new Remembering()];
    const { url, server } = await serve(first.handle);
    const one = await replica(address, url);
    await post(one.listener.url, messageBody("wamid.1", "1"));
    await expect.poll(() => first.ids).toEqual(["wamid.1"]);
    const other = await replica(address, url);
    await one.listener.close();
    server.removeAllListeners("request").on("request", second.handle);
    await post(other.listener.url, messageBody("wamid.2", "1"));
    await expect.poll(() => second.ids, { timeout: 8000 }).toEqual(["wamid.2"]);
  });

  test("say in health what a crash of the server can lose", async () => {
    const weak = await startRedis(["--appendfsync", "everysec"]);
    const store = await openListenerStore(weak.url);
    expect(store.weak).toMatch(/appendfsync is everysec, not always: a power failure can lose/);
    const { listener } = await listening({ store });
    const monitor = new Monitor({ listener, version: "test" });
    onTestFinished(() => monitor[Symbol.dispose]());
    expect(await monitor.health()).toMatchObject({
      status: "degraded",
      reasons: [{ code: "store.durability", text: store.weak }],
    });
    const none = await openListenerStore((await startRedis(["--appendonly", "no"])).url);
    expect(none.weak).toMatch(/appendonly is off/);
    await none.close();
  });

  test("wait for the disk of a server that has WAITAOF, and respond with 500 when it does not write", async () => {
    const server = await startRedis(["--appendfsync", "everysec"]);
    let [waits, synced] = [0, 1];
    const wire = await wireTo(server.port, {
      answered: (data) => data.replace(/redis_version:7\.0\.(\d+)/, "redis_version:7.2.$1"),
      sent: (data) =>
        data.replaceAll(/\*4\r\n\$7\r\nWAITAOF(?:\r\n\$\d+\r\n\d+){3}\r\n/g, () => {
          waits++;
          return `*3\r\n$4\r\nEVAL\r\n$12\r\nreturn {${synced},0}\r\n$1\r\n0\r\n`;
        }),
    });
    const store = await openListenerStore(`redis://127.0.0.1:${wire.port}`);
    expect(store.weak).toBeUndefined();
    const { listener, next } = await listening({ store });
    const statuses = await Promise.all(ids(20).map((id) => post(listener.url, messageBody(id, id))));
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(waits).toBeGreaterThan(0);
    synced = 0;
    expect(await post(listener.url, messageBody("wamid.x", "1"))).toBe(500);
    expect((await next("rejected")).reason).toContain("did not write to its disk");
    synced = 1;
    expect(await post(listener.url, messageBody("wamid.x", "1"))).toBe(200);
  });

  test("respond with 500 when the memory of the server is full, and acknowledge the same delivery later", async () => {
    const full = await startRedis(["--maxmemory-policy", "noeviction"]);
    const { listener, next } = await replica(full.url);
    const body = messageBody("wamid.1", "1");
    full.cli("config", "set", "maxmemory", "1");
    expect(await post(listener.url, body)).toBe(500);
    expect((await next("rejected")).reason).toContain(`the memory of redis://127.0.0.1:${full.port} is full`);
    expect(full.cli("dbsize")).toBe("0");
    full.cli("config", "set", "maxmemory", "0");
    expect(await post(listener.url, body)).toBe(200);
    expect((await next("delivery")).verdict).toBe("accepted");
  });

  test("respond with 500 while the server is a replica, as after a failover, and record once it is the primary", async () => {
    const server = await startRedis();
    const { listener, next } = await replica(server.url);
    server.cli("replicaof", "127.0.0.1", "1");
    expect(await post(listener.url, messageBody("wamid.1", "1"))).toBe(500);
    expect((await next("rejected")).reason).toContain("is a read-only replica");
    server.cli("replicaof", "no", "one");
    expect(await post(listener.url, messageBody("wamid.1", "1"))).toBe(200);
    expect((await next("delivery")).verdict).toBe("accepted");
  });

  test("keep what was acknowledged when the server is killed, and go on when it is back", async () => {
    const server = await startRedis();
    const app = new Remembering();
    const { url } = await serve(app.handle);
    const { listener, next } = await replica(server.url, url);
    expect(await post(listener.url, messageBody("wamid.1", "1"))).toBe(200);
    await server.kill();
    expect(await post(listener.url, messageBody("wamid.2", "1"))).toBe(500);
    expect((await next("store")).notice).toMatch(/deliveries get 500 until it responds, so that Meta retries/);
    await server.restart();
    await expect.poll(() => post(listener.url, messageBody("wamid.2", "1")), { timeout: 10_000 }).toBe(200);
    await expect.poll(() => [...new Set(app.ids)], { timeout: 10_000 }).toEqual(["wamid.1", "wamid.2"]);
    const store = await RedisStore.open(server.url);
    expect(await store.count({ status: "accepted" })).toBe(2);
    await store.close();
  });

  test("delete what is older than --keep, and the oldest beyond --keep-size, with its forwards", async () => {
    const store = await RedisStore.open(fresh());
    const now = 1_785_500_000_000;
    const record = (n: number) =>
      store.record({
        receivedAt: now + n,
        headers: [],
        body: Buffer.alloc(100),
        keys: [`${n}`],
        forwardTo: ["http://a/"],
      });
    for (let n = 0; n < 50; n++) await record(n);
    let pruned = 0;
    for (let step = await store.prune({ ms: 100 }, now + 110); step.deliveries > 0;) {
      pruned += step.deliveries;
      step = await store.prune({ ms: 100 }, now + 110);
    }
    expect([pruned, await store.count({})]).toEqual([10, 40]);
    expect(await store.stats()).toMatchObject({ deliveries: 40, bytes: 40 * 102, forwards: [{ pending: 40 }] });
    while ((await store.prune({ bytes: 10 * 102 })).deliveries > 0);
    expect((await store.stats()).deliveries).toBe(10);
    expect(await store.get("40")).toBeUndefined();
    expect((await store.get("41"))?.id).toBe("41");
    await store.close();
  });
});
