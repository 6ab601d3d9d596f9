/** `--ack app`: the sender gets the app's own status, so that Meta retries what the app does not accept. */
import { expect, test } from "vitest";

import { freePort, listening, post, serve, wireOf } from "../support/http.ts";

test("the sender gets the app's status, and the same delivery reaches the app again until it is accepted", async () => {
  const statuses = [503, 200];
  let requests = 0;
  const app = await serve((request, response) => {
    requests++;
    request.resume();
    response.writeHead(statuses.shift() ?? 500).end();
  });
  const { listener, next, events } = await listening({ ack: "app", forward: { to: new URL(app.url) } });
  const body = wireOf("text");
  expect(await post(listener.url, body)).toBe(503);
  expect(await next("forwarded")).toMatchObject({ delivery: "1", status: 503 });
  expect(listener.store.forwardsOf("1")).toMatchObject([{ state: "failed", attempts: 1, status: 503 }]);
  expect(await post(listener.url, body)).toBe(200);
  expect(listener.store.forwardsOf("2")).toMatchObject([{ state: "delivered", status: 200 }]);
  expect(await post(listener.url, body)).toBe(200);
  expect(requests).toBe(2);
  await listener.close();
  expect(events.flatMap((event) => (event.type === "delivery" ? event.verdict : []))).toEqual([
    "accepted",
    "accepted",
    "duplicate",
  ]);
});

test("an app that cannot be reached is 502 to the sender, and the delivery is recorded", async () => {
  const port = await freePort();
  const { listener } = await listening({ ack: "app", forward: { to: new URL(`http://127.0.0.1:${port}/webhook`) } });
  expect(await post(listener.url, wireOf("text"))).toBe(502);
  expect(listener.store.last()?.verdict).toBe("accepted");
});

test("only the first of several apps decides, and the others get the delivery from the queue", async () => {
  const first = await serve((request, response) => {
    request.resume();
    response.end();
  });
  let requests = 0;
  const second = await serve((request, response) => {
    request.resume();
    response.writeHead(++requests === 1 ? 500 : 200).end();
  });
  const { listener, next } = await listening({
    ack: "app",
    forward: [{ to: new URL(first.url) }, { to: new URL(second.url) }],
    retry: { delivery: { baseMs: 10, capMs: 10 } },
  });
  expect(await post(listener.url, wireOf("text"))).toBe(200);
  expect(await next("forwarded")).toMatchObject({ to: first.url, status: 200 });
  expect(await next("forwarded")).toMatchObject({ to: second.url, status: 500 });
  expect(await next("forwarded")).toMatchObject({ to: second.url, status: 200, attempt: 2 });
});
