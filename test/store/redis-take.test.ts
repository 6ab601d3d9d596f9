/** Out of the shared store: what a developer's machine takes, and what the command line reads. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, onTestFinished, test } from "vitest";

import { main } from "../../src/cli/main.ts";
import { ShareConsumer } from "../../src/listener/share-consumer.ts";
import { waitForStatus } from "../../src/store/await-status.ts";
import { RedisStore } from "../../src/store/redis/redis-store.ts";
import { Share } from "../../src/store/redis/share.ts";
import type { Delivery } from "../../src/store/store.ts";
import { inBackground } from "../support/background.ts";
import { messageBody, Remembering } from "../support/faults.ts";
import { APP_SECRET, freePort, post, serve, signed, VERIFY_TOKEN } from "../support/http.ts";
import { makeCertificates } from "../support/ngrok-peer/certificate.ts";
import { waHook } from "../support/program.ts";
import { receivedValue, statusItem } from "../support/received.ts";
import { hasRedis, replica, sharedRedis, startRedis, wireTo } from "../support/redis.ts";
import { wordsOf } from "../support/transcript.ts";
import { temporaryFolder, testWorld } from "../support/world.ts";

const { server, fresh } = sharedRedis();
const ids = (count: number, name = "m") => Array.from({ length: count }, (_, n) => `wamid.${name}${n}`);
const nameIn = (address: string) => new URL(address).pathname.slice(1);

async function consume(
  address: string,
  to: string,
  group: string,
  consumer = group,
  wanted?: (delivery: Delivery) => boolean,
) {
  const opened = await ShareConsumer.open({
    forward: { to: new URL(to) },
    open: (sink) => Share.open(address, { group, consumer, to, wanted: wanted ?? (() => true), ...sink }),
  });
  opened.start();
  onTestFinished(async () => void (await opened.close()));
  return opened;
}

describe.skipIf(!hasRedis)("a developer's machine", () => {
  test("gets its own copy of every delivery, byte for byte and with the received signature", async () => {
    const address = fresh();
    const got: { body: Buffer; signature: unknown }[] = [];
    const { url } = await serve((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        got.push({ body: Buffer.concat(chunks), signature: request.headers["x-hub-signature-256"] });
        response.end();
      });
    });
    const other = new Remembering();
    await consume(address, url, "ana@laptop");
    await consume(address, (await serve(other.handle)).url, "ben@desk");
    const { listener } = await replica(address);
    const bodies = ids(5).map((id) => messageBody(id, "1"));
    for (const body of bodies) await post(listener.url, body);
    await expect.poll(() => got.length, { timeout: 8000 }).toBe(5);
    expect(got).toEqual(bodies.map((body) => ({ body, signature: signed(body)["x-hub-signature-256"] })));
    await expect.poll(() => other.ids, { timeout: 8000 }).toEqual(ids(5));
  });

  test("goes on where it was, and a group shares the work", async () => {
    const address = fresh();
    const app = new Remembering();
    const { url } = await serve(app.handle);
    const { listener } = await replica(address);
    const first = await consume(address, url, "team", "ana@laptop");
    await post(listener.url, messageBody("wamid.m0", "1"));
    await expect.poll(() => app.ids, { timeout: 8000 }).toEqual(["wamid.m0"]);
    await first.close();
    for (const id of ids(20).slice(1)) await post(listener.url, messageBody(id, id));
    await consume(address, url, "team", "ana@laptop");
    await consume(address, url, "team", "ben@desk");
    await expect.poll(() => app.ids.toSorted(), { timeout: 8000 }).toEqual(ids(20).toSorted());
  });

  test("takes only what it wants, and an app that fails gets it again", async () => {
    const address = fresh();
    let failures = 2;
    const app = new Remembering();
    const { url } = await serve((request, response) => {
      if (failures-- > 0) response.statusCode = 500;
      else return app.handle(request, response);
      request.resume();
      response.end();
    });
    await consume(address, url, "ana", "ana", ({ events }) => events.some(({ from }) => from === "2"));
    const { listener } = await replica(address);
    await post(listener.url, messageBody("wamid.1", "1"));
    await post(listener.url, messageBody("wamid.2", "2"));
    await post(listener.url, messageBody("wamid.2", "2"));
    await expect.poll(() => app.ids, { timeout: 15_000 }).toEqual(["wamid.2"]);
    const pending = () =>
      server()
        .cli("XPENDING", `wa-hook:{${nameIn(address)}}:log`, "ana")
        .split("\n")[0];
    await expect.poll(pending).toBe("0");
  });

  test("takes over what a consumer that has died left", async () => {
    const address = fresh();
    const log = `wa-hook:{${nameIn(address)}}:log`;
    server().cli("XGROUP", "CREATE", log, "team", "$", "MKSTREAM");
    const store = await RedisStore.open(address);
    const body = messageBody("wamid.1", "1");
    await store.record({ receivedAt: 1, headers: [], body, keys: [] });
    server().cli("XREADGROUP", "GROUP", "team", "dead", "COUNT", "1", "STREAMS", log, ">");
    server().cli("XCLAIM", log, "team", "dead", "0", "1-0", "IDLE", "60000", "JUSTID");
    const app = new Remembering();
    await consume(address, (await serve(app.handle)).url, "team", "ana");
    await expect.poll(() => app.ids, { timeout: 8000 }).toEqual(["wamid.1"]);
    await store.close();
  });

  test("goes on after the network was cut without a word", { timeout: 40_000 }, async () => {
    const address = new URL(fresh());
    const wire = await wireTo(server().port);
    const app = new Remembering();
    const near = `redis://127.0.0.1:${wire.port}${address.pathname}`;
    await consume(near, (await serve(app.handle)).url, "ana");
    const { listener } = await replica(address.href);
    await post(listener.url, messageBody("wamid.m0", "1"));
    await expect.poll(() => app.ids, { timeout: 8000 }).toEqual(["wamid.m0"]);
    wire.cut();
    await post(listener.url, messageBody("wamid.m1", "1"));
    wire.mend();
    await expect.poll(() => [...new Set(app.ids)], { timeout: 20_000 }).toEqual(ids(2));
  });

  test(
    "what the server had sent when the connection broke comes before what is newer",
    { timeout: 40_000 },
    async () => {
      const address = new URL(fresh());
      let isLost = false;
      const wire = await wireTo(server().port, { answered: (data) => (isLost ? "" : data) });
      const app = new Remembering();
      await consume(`redis://127.0.0.1:${wire.port}${address.pathname}`, (await serve(app.handle)).url, "ana");
      const { listener } = await replica(address.href);
      await post(listener.url, messageBody("wamid.m0", "1"));
      await expect.poll(() => app.ids, { timeout: 8000 }).toEqual(["wamid.m0"]);
      isLost = true;
      await post(listener.url, messageBody("wamid.m1", "1"));
      const log = `wa-hook:{${nameIn(address.href)}}:log`;
      await expect.poll(() => server().cli("XPENDING", log, "ana").split("\n")[0]).toBe("1");
      isLost = false;
      wire.mend();
      await post(listener.url, messageBody("wamid.m2", "1"));
      await expect.poll(() => app.ids, { timeout: 8000 }).toEqual(ids(3));
    },
  );
});

describe.skipIf(!hasRedis)("the command line", () => {
  const env = { WHATSAPP_APP_SECRET: APP_SECRET, WHATSAPP_VERIFY_TOKEN: VERIFY_TOKEN };

  test("records, lists, shows, replays and takes with a store that is set once", async () => {
    const app = new Remembering();
    const { url } = await serve(app.handle);
    const address = fresh();
    const world = { env: { ...env, WHATSAPP_HOOK_STORE: address } };
    const listener = await inBackground("listen --port 0", world);
    const developer = await inBackground(`listen --from ${address} --group ana --forward-to ${url} --events text`, {
      env,
    });
    expect(await post(`http://127.0.0.1:${listener.port}/webhook`, messageBody("wamid.1", "16505551234"))).toBe(200);
    await developer.shows("Hello");
    await expect.poll(() => app.ids).toEqual(["wamid.1"]);
    for (const line of [
      "events list",
      "events list --kind text --from 16505551234",
      "events conversation +16505551234",
    ]) {
      const reading = testWorld(world);
      expect([line, await main(wordsOf(line), reading)]).toEqual([line, 0]);
      expect(reading.stdout.text).toContain("Hello");
    }
    const replaying = testWorld(world);
    expect(await main(wordsOf(`replay @last --to ${url}`), replaying)).toBe(0);
    expect(app.ids).toEqual(["wamid.1", "wamid.1"]);
    expect(await listener.stop()).toContain("Recording to   redis://127.0.0.1:PORT/team-");
    await developer.stop();
  });

  test("never prints a password, and refuses one on the command line", async () => {
    const secret = "test-redis-password-0123456789";
    const locked = await startRedis(["--requirepass", secret]);
    const open = `redis://:${secret}@127.0.0.1:${locked.port}`;
    const listener = await inBackground("listen --port 0", { env: { ...env, WHATSAPP_HOOK_STORE: open } });
    const shown = await listener.stop();
    expect(shown).toContain("redis://:…@127.0.0.1:PORT");
    const wrong = `redis://:${secret}-wrong@127.0.0.1:${locked.port}`;
    const outputs = [shown];
    for (const [line, set, code] of [
      ["events list", wrong, 3],
      ["events list", `redis://127.0.0.1:${locked.port}`, 3],
      [`events list --store ${open}`, "", 2],
      [`events list --store ${open} --store ${open}`, "", 2],
      [`listen --from ${open} --forward-to 3000`, "", 2],
      ["events check", open, 0],
      ["settings", open, 0],
      ["events list --json", `${open}/a/b/c`, 2],
    ] as const) {
      const world = testWorld({ env: { ...env, ...(set === "" ? {} : { WHATSAPP_HOOK_STORE: set }) } });
      expect([line, await main(wordsOf(line), world)]).toEqual([line, code]);
      outputs.push(world.stdout.text, world.stderr.text);
    }
    expect(outputs.join("\n")).not.toContain(secret);
    expect(outputs.join("\n")).toContain("set WHATSAPP_HOOK_STORE to the URL instead");
  });

  test("waits for the status of a message that any listener of the team receives", async () => {
    const store = await RedisStore.open(fresh());
    await store.record(receivedValue({ statuses: [statusItem("sent", "wamid.before")] }));
    const waiting = { until: "delivered", timeoutMs: 10_000, signal: new AbortController().signal } as const;
    const statuses = waitForStatus(store, { id: "wamid.1", after: await store.lastId() }, waiting);
    const first = statuses.next();
    for (const word of ["sent", "delivered"]) {
      await store.record(receivedValue({ statuses: [statusItem(word, "wamid.1")] }));
    }
    expect((await first).value).toMatchObject({ status: "sent", reached: false });
    expect((await statuses.next()).value).toMatchObject({ status: "delivered", reached: true });
    await store.close();
  });

  test("takes deliveries through TLS, as a user who may do no more than that", async () => {
    const folder = temporaryFolder();
    const certificates = makeCertificates();
    const at = (name: "ca" | "cert" | "key") => {
      writeFileSync(join(folder, name), certificates[name]);
      return join(folder, name);
    };
    const secure = await freePort();
    const files = ["--tls-cert-file", at("cert"), "--tls-key-file", at("key"), "--tls-ca-cert-file", at("ca")];
    const redis = await startRedis(["--tls-port", `${secure}`, "--tls-auth-clients", "no", ...files]);
    const [, rules = ""] =
      /^ACL SETUSER developer on >password ([^`]*)/m.exec(readFileSync("docs/team.md", "utf8")) ?? [];
    const password = "test-redis-password";
    redis.cli("ACL", "SETUSER", "developer", "on", `>${password}`, ...rules.trim().split(/\s+/));
    const app = new Remembering();
    const { url } = await serve(app.handle);
    const program = waHook(["listen", "--forward-to", url], {
      cwd: folder,
      env: {
        WHATSAPP_HOOK_FROM: `rediss://developer:${password}@127.0.0.1:${secure}/0/shop`,
        NODE_EXTRA_CA_CERTS: at("ca"),
      },
    });
    await program.stderr.until("Ready.");
    const { listener } = await replica(`${redis.url}/shop`);
    await post(listener.url, messageBody("wamid.1", "1"));
    await expect.poll(() => app.ids, { timeout: 8000 }).toEqual(["wamid.1"]);
    program.process.kill("SIGINT");
    expect(await program.exit).toBe(0);
    expect(program.stderr.text).not.toContain(password);
    expect(
      redis.cli(
        "XPENDING",
        "wa-hook:{shop}:log",
        redis.cli("XINFO", "GROUPS", "wa-hook:{shop}:log").split("\n")[1] ?? "",
      ),
    ).toMatch(/^0/);
  });

  test("reports immediately that the server is unreachable", async () => {
    const world = testWorld({ env: { ...env, WHATSAPP_HOOK_STORE: "redis://127.0.0.1:1" } });
    expect(await main(["events", "list"], world)).toBe(4);
    expect(world.stderr.text).toContain("redis://127.0.0.1:1 did not respond");
  });
});
