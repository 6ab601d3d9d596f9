/** Senders that stop, and a listener that starts and stops. */
import { once } from "node:events";
import { connect } from "node:net";

import { describe, expect, test } from "vitest";

import { startListener } from "../../src/listener/server.ts";
import { APP_SECRET, listening, post, raw, signed, VERIFY_TOKEN, wireOf } from "../support/http.ts";

describe("slow and broken senders", () => {
  test("missing headers time out with 408", async () => {
    const { listener, next } = await listening({ limits: { headersMs: 100, requestMs: 200 } });
    expect(await raw(listener.port, "POST /webhook HTTP/1.1\r\nhost: x\r\n")).toMatch(/^HTTP\/1\.1 408 /);
    expect(await next("rejected")).toMatchObject({ status: 408 });
  });

  test("a missing body times out with 408 and is reported once", async () => {
    const { listener, next, events } = await listening({ limits: { headersMs: 100, requestMs: 200 } });
    const answer = await raw(listener.port, "POST /webhook HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nhalf");
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(await next("rejected")).toMatchObject({
      status: 408,
      reason: "request timed out: received 4 of 100 bytes of the body",
    });
    expect(events.filter(({ type }) => type === "rejected")).toHaveLength(1);
  });

  test("a connection closed in the middle of a body is reported, and nothing is recorded", async () => {
    const { listener, next } = await listening();
    const socket = connect(listener.port, "127.0.0.1");
    await once(socket, "connect");
    socket.write("POST /webhook HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nhalf");
    socket.end();
    socket.resume();
    await next("rejected").then((rejected) => {
      expect(rejected).toMatchObject({
        status: 400,
        reason: "connection closed by the sender: received 4 of 100 bytes of the body",
      });
    });
    expect([...listener.store.deliveries()]).toHaveLength(0);
  });
});

describe("starting and stopping", () => {
  test("a path needs its slash", async () => {
    await expect(listening({ path: "webhook" })).rejects.toMatchObject({ code: "listen.path", hint: "use /webhook" });
  });

  test("a port in use is reported", async () => {
    const { listener } = await listening();
    await expect(listening({ port: listener.port })).rejects.toMatchObject({ code: "listen.port-in-use" });
  });

  test("an address of another machine is reported", async () => {
    await expect(listening({ host: "192.0.2.1" })).rejects.toMatchObject({ code: "listen.host" });
  });

  test("closing finishes what is in flight, then ends the events", async () => {
    const { listener } = await listening();
    const events = listener.events();
    const socket = connect(listener.port, "127.0.0.1");
    const body = wireOf("text");
    const head = Object.entries(signed(body)).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.write(`POST /webhook HTTP/1.1\r\nhost: x\r\ncontent-length: ${body.length}\r\n${head.join("")}\r\n`);
    socket.write(body.subarray(0, 10));
    await post(listener.url, wireOf("image"));
    const closed = listener.close();
    socket.write(body.subarray(10));
    const [answer] = (await once(socket, "data")) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 200 /);
    expect((await closed).deliveries).toBe(2);
    const told = [];
    for await (const event of events) told.push(event.type);
    expect(told).toEqual(["delivery", "delivery"]);
  });

  test("closing does not wait without limit for an unfinished request", async () => {
    const { listener, next } = await listening({ limits: { closingMs: 50 } });
    const socket = connect(listener.port, "127.0.0.1");
    socket.on("error", () => {});
    socket.write("POST /webhook HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nhalf");
    await post(listener.url, wireOf("text"));
    expect((await listener.close()).deliveries).toBe(1);
    expect(await next("rejected")).toMatchObject({ status: 400 });
  });

  test("closing does not wait for idle connections, and closing twice is closing once", async () => {
    const listener = await startListener({ appSecret: APP_SECRET, verifyToken: VERIFY_TOKEN });
    await post(listener.url, wireOf("text"));
    expect(await listener.close()).toEqual(await listener.close());
  });
});
