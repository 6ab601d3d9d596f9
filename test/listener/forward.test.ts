import { buffer } from "node:stream/consumers";

import { expect, test } from "vitest";

import { freePort, listening, post, serve, signed, wireOf } from "../support/http.ts";

test("an accepted delivery reaches the app once, byte for byte, with its signature, and is timed", async () => {
  const requests: { body: Buffer; headers: NodeJS.Dict<string | string[]>; url: string | undefined }[] = [];
  const app = await serve((request, response) => {
    void buffer(request).then((body) => {
      requests.push({ body, headers: request.headers, url: request.url });
      response.end();
    });
  });
  const { listener, next } = await listening({
    forward: { to: new URL(`${app.url}?a=1`), headers: { "x-team": "blue" } },
  });
  const body = wireOf("text.emoji");
  await post(listener.url, body);
  await post(listener.url, body);
  const forwarded = await next("forwarded");
  expect(forwarded).toMatchObject({ status: 200, delivery: "1" });
  expect(forwarded.ms).toBeGreaterThan(0);
  expect(forwarded.advice).toBeUndefined();
  await listener.close();
  expect(requests).toHaveLength(1);
  expect(requests[0]?.body.equals(body)).toBe(true);
  expect(requests[0]?.headers).toMatchObject({ ...signed(body), "x-team": "blue" });
  expect(requests[0]?.url).toBe("/webhook?a=1");
});

test.each(["localhost", "127.0.0.1", "[::1]"])(
  "forwarding to the listener itself, at %s, is an error",
  async (host) => {
    const port = await freePort();
    await expect(listening({ port, forward: { to: new URL(`http://${host}:${port}/app`) } })).rejects.toMatchObject({
      name: "UsageError",
      code: "listen.forward-loop",
    });
  },
);

test("a local sender gets the verdict in a response header, and a tunnel does not", async () => {
  const { listener } = await listening();
  const body = wireOf("text");
  const verdictOf = async (headers: Record<string, string> = {}) => {
    const response = await fetch(listener.url, { method: "POST", body, headers: { ...signed(body), ...headers } });
    return response.headers.get("x-wa-hook-verdict");
  };
  expect(await verdictOf()).toBe("accepted");
  expect(await verdictOf()).toBe("duplicate");
  expect(await verdictOf({ "x-forwarded-for": "192.0.2.1" })).toBeNull();
});

test("a delivery with a wrong signature does not reach the app", async () => {
  let reached = 0;
  const app = await serve((_, response) => void response.end(String(reached++)));
  const { listener, next } = await listening({ forward: { to: new URL(app.url) } });
  await post(listener.url, wireOf("text"), signed("something else"));
  await next("rejected");
  await post(listener.url, wireOf("text"));
  await next("forwarded");
  expect(reached).toBe(1);
});

test.each([
  [201, "respond with 200 instead of 201"],
  [302, "does not follow redirects"],
  [400, "raw request body"],
  [401, "same app secret"],
  [404, "check the path"],
  [405, "accept POST"],
  [413, "body size limit"],
  [500, "check the app's log"],
])("the app's response %i comes with matching advice", async (status, advice) => {
  let asked = 0;
  const app = await serve((request, response) => {
    asked++;
    request.resume();
    response.writeHead(status, { location: "/elsewhere" }).end("the app's own words ".repeat(100));
  });
  const { listener, next } = await listening({ forward: { to: new URL(app.url) } });
  expect(await post(listener.url, wireOf("text"))).toBe(200);
  const forwarded = await next("forwarded");
  expect(forwarded).toMatchObject({ attempt: 1, status, advice: expect.stringContaining(advice) as string });
  expect(forwarded.response?.length).toBe(500);
  expect(asked).toBe(1);
  expect(listener.summary().forwardFailures).toBe(1);
});

test("an app that is down, closes the connection or sends half a response is reported, and the delivery is still acknowledged", async () => {
  const gone = await listening({ forward: { to: new URL("http://127.0.0.1:1/webhook") } });
  expect(await post(gone.listener.url, wireOf("text"))).toBe(200);
  expect(await gone.next("app")).toMatchObject({
    state: "unreachable",
    advice: "connection refused at http://127.0.0.1:1: start your app",
  });

  const reset = await serve((request) => request.socket.destroy());
  const hung = await listening({ forward: { to: new URL(reset.url) } });
  await post(hung.listener.url, wireOf("text"));
  const told = await hung.next("forwarded");
  expect(told.status).toBeUndefined();
  expect(told.advice).toContain("closed the connection before the response was complete");

  const other = await serve((request) => request.socket.end("SSH-2.0-test\r\n"));
  const puzzled = await listening({ forward: { to: new URL(other.url) } });
  await post(puzzled.listener.url, wireOf("text"));
  expect((await puzzled.next("forwarded")).advice).toContain("does not speak HTTP");

  const half = await serve((_, response) => {
    response.writeHead(200, { "content-length": 100 }).write("half");
    setImmediate(() => response.destroy());
  });
  const cut = await listening({ forward: { to: new URL(half.url) } });
  await post(cut.listener.url, wireOf("text"));
  expect((await cut.next("forwarded")).advice).toContain("closed the connection before the response was complete");
});

test("a slow app is reported while it is pending and after its response", async () => {
  let answer = () => {};
  const app = await serve((_, response) => (answer = () => void response.end()));
  const { listener, next } = await listening({ forward: { to: new URL(app.url) } });
  await post(listener.url, wireOf("text"));
  expect(await next("waiting")).toMatchObject({ delivery: "1", events: [{ kind: "text" }] });
  answer();
  expect(await next("forwarded")).toMatchObject({ status: 200, advice: expect.stringContaining("250 ms") as string });
});

test("closing waits for the app's response up to a limit", async () => {
  const held: (() => void)[] = [];
  const app = await serve((_, response) => void held.push(() => response.end()));
  const patient = await listening({ forward: { to: new URL(app.url) } });
  await post(patient.listener.url, wireOf("text"));
  await patient.next("delivery");
  const closing = patient.listener.close();
  await patient.next("waiting");
  held[0]?.();
  expect((await closing).forwardFailures).toBe(0);

  const hurried = await listening({ forward: { to: new URL(app.url) }, limits: { closingMs: 50 } });
  await post(hurried.listener.url, wireOf("text"));
  expect((await hurried.listener.close()).forwardFailures).toBe(1);
  expect(hurried.events).toContainEqual(expect.objectContaining({ type: "closing", pending: 1, timeoutMs: 50 }));
  const { advice } = await hurried.next("forwarded");
  expect(advice).toMatch(/^canceled on exit/);

  const aborted = await listening({ forward: { to: new URL(app.url) } });
  await post(aborted.listener.url, wireOf("text"));
  const end = aborted.listener.close();
  await aborted.next("closing");
  aborted.listener.abort();
  expect((await end).forwardFailures).toBe(1);
});
