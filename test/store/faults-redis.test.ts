/**
 * Three replicas behind a balancer, an app, and two developers, each with a copy: under load, replicas and the Redis server are ended by
 * kill -9. Nothing acknowledged is lost, and everybody gets everything, each customer's messages in order.
 */
import { once } from "node:events";
import { connect, createServer, type AddressInfo } from "node:net";

import { expect, onTestFinished, test } from "vitest";

import { ShareConsumer } from "../../src/listener/share-consumer.ts";
import { openListenerStore } from "../../src/store/redis/listener-store.ts";
import { RedisStore } from "../../src/store/redis/redis-store.ts";
import { Share } from "../../src/store/redis/share.ts";
import { reportFault } from "../support/fault-table.ts";
import {
  forwardedText,
  judgeForwards,
  Load,
  messageBody,
  randomFrom,
  Remembering,
  TIMES,
  until,
} from "../support/faults.ts";
import { freePort, listening, post, serve } from "../support/http.ts";
import { portOf, programEnv, waHook, type Program } from "../support/program.ts";
import { hasRedis, startRedis, wireTo, type Redis } from "../support/redis.ts";
import { temporaryFolder } from "../support/world.ts";

const REPLICAS = 3;
const CUSTOMERS = 24;

/** Each connection to the next replica, as a load balancer does it without looking inside. */
async function balancerTo(ports: readonly number[]): Promise<number> {
  let turn = 0;
  const server = createServer((near) => {
    const far = connect(ports[turn++ % ports.length] ?? 0, "127.0.0.1");
    near.pipe(far).pipe(near);
    near.on("error", () => far.destroy()).on("close", () => far.destroy());
    far.on("error", () => near.destroy()).on("close", () => near.destroy());
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

async function startReplica(redis: Redis, port: number, to: string): Promise<Program> {
  const program = waHook(["listen", "--port", String(port), "--forward-to", to, "--no-admin"], {
    cwd: temporaryFolder(),
    env: { ...programEnv, WHATSAPP_HOOK_STORE: redis.url },
    stdio: ["ignore", "ignore", "pipe"],
  });
  await portOf(program);
  return program;
}

async function developer(redis: Redis, name: string): Promise<Remembering> {
  const app = new Remembering();
  const to = (await serve(app.handle)).url;
  const consumer = await ShareConsumer.open({
    forward: { to: new URL(to) },
    open: (sink) => Share.open(redis.url, { group: name, consumer: name, to, wanted: () => true, ...sink }),
  });
  consumer.start();
  onTestFinished(async () => void (await consumer.close()));
  return app;
}

/** What the store contains when the load has ended and everything has been forwarded. */
async function acceptedIn(redis: Redis, to: string): Promise<string[]> {
  const store = await RedisStore.open(redis.url);
  await until(async () => (await store.pending({ to, limit: 1 })).length === 0);
  const ids: string[] = [];
  for await (const { verdict, events } of store.deliveries()) if (verdict === "accepted") ids.push(events[0]?.id ?? "");
  await store.close();
  return ids;
}

test.skipIf(!hasRedis)(
  "what replicas acknowledge outlives them and Redis, and everybody gets it",
  { timeout: 300_000 * TIMES },
  async () => {
    const random = randomFrom(15);
    const redis = await startRedis();
    const app = new Remembering();
    const to = (await serve(app.handle)).url;
    const developers = [await developer(redis, "ana"), await developer(redis, "ben")];
    const ports = await Promise.all(Array.from({ length: REPLICAS }, freePort));
    const replicas = await Promise.all(ports.map((port) => startReplica(redis, port, to)));
    const load = new Load(await balancerTo(ports), CUSTOMERS);
    const kills = { replica: 0, redis: 0 };
    for (let time = 0; time < 6 * TIMES; time++) {
      await load.more(20 + random(60));
      if (time % 3 === 2) {
        await redis.kill();
        kills.redis++;
        await redis.restart();
        continue;
      }
      const at = random(REPLICAS);
      replicas[at]?.process.kill("SIGKILL");
      await replicas[at]?.exit;
      kills.replica++;
      await load.more(20);
      replicas[at] = await startReplica(redis, ports[at] ?? 0, to);
    }
    await load.more(50);
    await load.stop();
    const accepted = await acceptedIn(redis, to);
    const judged = judgeForwards(load.acknowledged, accepted, app.ids);
    const copies = [];
    for (const { ids } of developers) {
      await until(() => new Set(ids).size >= accepted.length);
      copies.push(judgeForwards(load.acknowledged, accepted, ids));
    }
    expect(copies).toHaveLength(developers.length);
    reportFault({
      fault: `kill -9 of ${REPLICAS} replicas and Redis`,
      runs: kills.replica + kills.redis,
      acknowledged: load.acknowledged.length,
      found: judged.found,
      forwarded: forwardedText(judged),
    });
    for (const [at, copy] of copies.entries()) {
      reportFault({
        fault: `the same, developer ${at + 1}`,
        runs: kills.replica + kills.redis,
        acknowledged: load.acknowledged.length,
        found: copy.found,
        forwarded: forwardedText(copy),
      });
    }
  },
);

test.skipIf(!hasRedis)(
  "a slow Redis costs a 500 after 8 s, and the delivery is there once when Meta repeats it",
  { timeout: 60_000 },
  async () => {
    const redis = await startRedis();
    const app = new Remembering();
    const forward = { to: new URL((await serve(app.handle)).url) };
    const { listener, next } = await listening({ store: await openListenerStore(redis.url), forward });
    const body = messageBody("wamid.1", "1");
    redis.cli("client", "pause", "9000", "write");
    const started = performance.now();
    expect(await post(listener.url, body)).toBe(500);
    expect(performance.now() - started).toBeLessThan(9000);
    expect((await next("rejected")).reason).toContain("did not respond within 8 s");
    await until(async () => (await post(listener.url, body)) === 200);
    await until(() => app.ids.length > 0);
    expect(await acceptedIn(redis, forward.to.href)).toEqual(["wamid.1"]);
    expect(app.ids).toEqual(["wamid.1"]);
  },
);

test.skipIf(!hasRedis)(
  "a network that is cut without a word costs a 500, and recording goes on when it is back",
  { timeout: 60_000 },
  async () => {
    const redis = await startRedis();
    const wire = await wireTo(redis.port);
    const { listener } = await listening({ store: await openListenerStore(`redis://127.0.0.1:${wire.port}`) });
    expect(await post(listener.url, messageBody("wamid.1", "1"))).toBe(200);
    wire.cut();
    expect(await post(listener.url, messageBody("wamid.2", "1"))).toBe(500);
    wire.mend();
    await until(async () => (await post(listener.url, messageBody("wamid.2", "1"))) === 200);
    const store = await RedisStore.open(redis.url);
    expect(await store.count({ status: "accepted" })).toBe(2);
    await store.close();
  },
);
