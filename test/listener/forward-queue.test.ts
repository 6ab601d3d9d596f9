/** What the app gets, and in which order, whatever happens to it, to the listener and to the network. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";

import { expect, onTestFinished, test } from "vitest";

import type { ListenerOptions } from "../../src/listener/options.ts";
import { openStore } from "../../src/store/sqlite/sqlite-store.ts";
import { freePort, listening, post, serve, signed, type Watched } from "../support/http.ts";
import { receivedValue, textItem } from "../support/received.ts";
import { temporaryFolder } from "../support/world.ts";

const FAST: NonNullable<ListenerOptions["retry"]> = {
  attempts: 3,
  delivery: { baseMs: 20, capMs: 40 },
  app: { baseMs: 10, capMs: 20 },
};

/** The body of a delivery with one text message. */
function messageBody(id: string, from: string): Buffer {
  return Buffer.from(receivedValue({ messages: [textItem(id, "Hello", from)] }).body);
}

/** What the app received: ids of messages, in order, and the number of concurrent requests. */
class App {
  readonly ids: string[] = [];
  readonly times: number[] = [];
  mostAtOnce = 0;
  #atOnce = 0;
  readonly #respond: (id: string, response: ServerResponse) => void;

  constructor(respond: (id: string, response: ServerResponse) => void = (_, response) => void response.end()) {
    this.#respond = respond;
  }

  readonly handle = (request: IncomingMessage, response: ServerResponse): void => {
    this.mostAtOnce = Math.max(this.mostAtOnce, ++this.#atOnce);
    response.on("close", () => this.#atOnce--);
    void buffer(request).then((body) => {
      const [, id = ""] = /"id":"(wamid[^"]*)"/.exec(body.toString()) ?? [];
      this.ids.push(id);
      this.times.push(performance.now());
      this.#respond(id, response);
    });
  };

  of(customer: string): string[] {
    return this.ids.filter((id) => id.includes(customer));
  }
}

async function serveAt(port: number, app: App): Promise<Server> {
  const server = createServer(app.handle).listen(port, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return server;
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** So many messages of each customer, in turns. */
async function send({ listener }: Watched, customers: readonly string[], count: number, from = 0): Promise<void> {
  for (let index = from; index < from + count; index++) {
    for (const customer of customers) {
      expect(await post(listener.url, messageBody(`wamid.${customer}.${index}`, customer))).toBe(200);
    }
  }
}

const inOrder = (customer: string, count: number) =>
  Array.from({ length: count }, (_, index) => `wamid.${customer}.${index}`);

test("while the app is down deliveries wait; when it is back it gets each once, in order per customer, at first one at a time", async () => {
  const port = await freePort();
  const watched = await listening({ forward: { to: new URL(`http://127.0.0.1:${port}/webhook`) }, retry: FAST });
  await send(watched, ["111", "222", "333"], 20);
  expect(await watched.next("app")).toMatchObject({ state: "unreachable" });
  const atOnce: number[] = [];
  const app: App = new App((_, response) => {
    atOnce.push(app.mostAtOnce);
    setTimeout(() => response.end(), 2);
  });
  await serveAt(port, app);
  expect(await watched.next("app")).toMatchObject({ state: "reachable" });
  await until(() => app.ids.length >= 60);
  await watched.listener.close();
  for (const customer of ["111", "222", "333"]) expect(app.of(customer)).toEqual(inOrder(customer, 20));
  expect(atOnce[0]).toBe(1);
  expect(watched.events.filter(({ type }) => type === "app")).toHaveLength(2);
});

test("a delivery that the app rejects holds back its customer only", async () => {
  const app = new App((id, response) => {
    response.statusCode = id === "wamid.bad.0" ? 500 : 200;
    response.end();
  });
  const server = await serve(app.handle);
  const retry = { ...FAST, delivery: { baseMs: 60_000, capMs: 60_000 } };
  const watched = await listening({ forward: { to: new URL(server.url) }, retry });
  await send(watched, ["bad", "good"], 3);
  await until(() => app.of("good").length === 3);
  expect(app.of("bad")).toEqual(["wamid.bad.0"]);
});

test("a delivery is given up after the last attempt, and those behind it follow", async () => {
  const app = new App((id, response) => {
    response.statusCode = id === "wamid.bad.0" ? 500 : 200;
    response.end();
  });
  const server = await serve(app.handle);
  const watched = await listening({ forward: { to: new URL(server.url) }, retry: FAST });
  await send(watched, ["bad"], 3);
  await until(() => app.ids.length === 5);
  await watched.listener.close();
  expect(app.ids).toEqual([...Array<string>(3).fill("wamid.bad.0"), "wamid.bad.1", "wamid.bad.2"]);
  const attempts = watched.events.filter((event) => event.type === "forwarded" && event.delivery === "1");
  expect(attempts).toMatchObject([
    { attempt: 1, status: 500, retryInMs: expect.any(Number) as number },
    { attempt: 2, retryInMs: expect.any(Number) as number },
    { attempt: 3, gaveUp: true },
  ]);
});

test("the store has the result of each forward", async () => {
  const app = new App((id, response) => {
    response.statusCode = id === "wamid.bad.0" ? 500 : 200;
    response.end(id === "wamid.bad.0" ? "no such table: users" : "");
  });
  const server = await serve(app.handle);
  const store = await openStore(join(temporaryFolder(), "events.db"));
  const watched = await listening({ store, forward: { to: new URL(server.url) }, retry: FAST });
  await send(watched, ["bad", "good"], 1);
  await until(() => store.pending({ to: server.url, limit: 10 }).length === 0);
  expect(store.forwardsOf("1")).toMatchObject([
    { to: server.url, state: "failed", attempts: 3, status: 500, response: "no such table: users" },
  ]);
  expect(store.forwardsOf("2")).toMatchObject([{ state: "delivered", attempts: 1, status: 200 }]);
  expect(store.forwardsOf("2")[0]?.at).toBeGreaterThan(Date.now() - 60_000);
});

test("what was pending when the listener ended is forwarded after the next start, in order, with what is new behind it", async () => {
  const [port, file] = [await freePort(), join(temporaryFolder(), "events.db")];
  const to = new URL(`http://127.0.0.1:${port}/webhook`);
  const first = await listening({ store: await openStore(file), forward: { to }, retry: FAST });
  await send(first, ["111", "222"], 3);
  await first.listener.close();
  const second = await listening({ store: await openStore(file), forward: { to }, retry: FAST });
  expect(await second.next("resumed")).toMatchObject({ deliveries: 6, to: to.href });
  await send(second, ["111", "222"], 3, 3);
  const app = new App();
  await serveAt(port, app);
  await until(() => app.ids.length >= 12);
  await second.listener.close();
  for (const customer of ["111", "222"]) expect(app.of(customer)).toEqual(inOrder(customer, 6));
});

test("more deliveries than fit in memory are forwarded from the store, each once and in order", async () => {
  const [port, file] = [await freePort(), join(temporaryFolder(), "events.db")];
  const to = new URL(`http://127.0.0.1:${port}/webhook`);
  const store = await openStore(file);
  const count = 5000;
  const customers = Array.from({ length: 10 }, (_, index) => `customer${index}`);
  const all = customers.flatMap((customer) => inOrder(customer, count / 10));
  await Promise.all(
    all.map((id) => {
      const received = receivedValue({ messages: [textItem(id, "Hello", id.split(".")[1])] });
      return store.record({ ...received, receivedAt: Date.now(), forwardTo: [to.href] });
    }),
  );
  const app = new App();
  await serveAt(port, app);
  const { listener } = await listening({ store, forward: { to }, retry: FAST });
  await until(() => app.ids.length >= count);
  await listener.close();
  for (const customer of customers) expect(app.of(`.${customer}.`)).toEqual(inOrder(customer, count / 10));
}, 60_000);

test("closing forwards what the app can get, in order, before it ends", async () => {
  const app = new App((_, response) => void setTimeout(() => response.end(), 5));
  const server = await serve(app.handle);
  const watched = await listening({ forward: { to: new URL(server.url) }, retry: FAST });
  await send(watched, ["111", "222"], 15);
  const { waiting } = await watched.listener.close();
  for (const customer of ["111", "222"]) expect(app.of(customer)).toEqual(inOrder(customer, 15));
  expect(waiting).toBe(0);
});

test("Retry-After holds back every delivery for as long as the app asks", async () => {
  const app: App = new App((_, response) => {
    if (app.ids.length > 1) return void response.end();
    response.writeHead(429, { "retry-after": "1" }).end();
  });
  const server = await serve(app.handle);
  const watched = await listening({ forward: { to: new URL(server.url) }, retry: FAST });
  await send(watched, ["111"], 1);
  await watched.next("forwarded");
  await send(watched, ["222"], 1);
  await until(() => app.ids.length === 3);
  expect((app.times[1] ?? 0) - (app.times[0] ?? 0)).toBeGreaterThan(950);
  expect(app.ids.slice(1).toSorted()).toEqual(["wamid.111.0", "wamid.222.0"]);
});

test("an app that ends in the middle of a response gets the delivery again, and the others once", async () => {
  const app: App = new App((id, response) => {
    if (id === "wamid.111.0" && app.of("111").length === 1) response.destroy();
    else response.end();
  });
  const server = await serve(app.handle);
  const watched = await listening({ forward: { to: new URL(server.url) }, retry: FAST });
  await send(watched, ["111", "222"], 2);
  await until(() => app.ids.length === 5);
  await watched.listener.close();
  expect(app.of("111")).toEqual(["wamid.111.0", "wamid.111.0", "wamid.111.1"]);
  expect(app.of("222")).toEqual(inOrder("222", 2));
});

test("each of several apps gets each delivery, also while another one is down", async () => {
  const [one, two] = [new App(), new App()];
  const [server, port] = [await serve(one.handle), await freePort()];
  const to = [new URL(server.url), new URL(`http://127.0.0.1:${port}/webhook`)];
  const watched = await listening({ forward: to.map((each) => ({ to: each })), retry: FAST });
  await send(watched, ["111"], 3);
  await until(() => one.ids.length === 3);
  await serveAt(port, two);
  await until(() => two.ids.length === 3);
  await watched.listener.close();
  for (const app of [one, two]) expect(app.ids).toEqual(inOrder("111", 3));
});

test("a delivery of two customers waits for both, and both wait for it", async () => {
  const held = new Map<string, ServerResponse>();
  const app = new App((id, response) => void held.set(id, response));
  const server = await serve(app.handle);
  const watched = await listening({ forward: { to: new URL(server.url) }, retry: FAST });
  const both = receivedValue({
    messages: [textItem("wamid.both", "Hello", "111"), textItem("wamid.x", "Hello", "222")],
  });
  await send(watched, ["111"], 1);
  await post(watched.listener.url, Buffer.from(both.body), signed(Buffer.from(both.body)));
  await send(watched, ["222", "333"], 1);
  await until(() => held.has("wamid.333.0"));
  expect(app.ids).toEqual(["wamid.111.0", "wamid.333.0"]);
  held.get("wamid.111.0")?.end();
  await until(() => held.has("wamid.both"));
  expect(app.ids).not.toContain("wamid.222.0");
  held.get("wamid.both")?.end();
  await until(() => held.has("wamid.222.0"));
  for (const response of held.values()) response.end();
});
