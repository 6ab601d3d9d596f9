// What another project does with the published package; compiled and run there by test/package.test.ts.
import assert from "node:assert/strict";

import {
  answerHandshake,
  deliver,
  encodeWire,
  fixture,
  fixtures,
  readBody,
  readPayload,
  replay,
  sign,
  startEmulator,
  startListener,
  UsageError,
  verify,
  type Delivered,
  type Delivery,
  type Emulator,
  type EmulatorEvent,
  type Listener,
  type ListenerEvent,
  type WebhookEvent,
} from "wa-hook";
import text from "wa-hook/fixtures/text.json" with { type: "json" };
import { expect } from "wa-hook/node-test";

const secret = "test-app-secret";
const body: Buffer = encodeWire(fixture("text").payload);
const signature: string = sign(body, secret);
assert.equal(verify(body, signature, secret), true);
assert.equal(verify(body, undefined, secret), false);
// @ts-expect-error a number is no header
verify(body, 5, secret);

const events: WebhookEvent[] = readBody(body);
assert.deepEqual(events, readPayload(text));
assert.equal(events[0]?.kind, "text");
assert.ok(fixtures().length > 30);
assert.throws(
  () => fixture("txt"),
  (error) => error instanceof UsageError && error.name === "UsageError" && error.hint === "did you mean text?",
);

const answer = answerHandshake(
  new URLSearchParams({ "hub.mode": "subscribe", "hub.verify_token": "t", "hub.challenge": "1" }),
  "t",
);
assert.deepEqual(answer, { status: 200, challenge: "1" });

// @ts-expect-error the secret is needed
const without: Parameters<typeof startListener>[0] = { verifyToken: "t" };
assert.ok(without);

const listener: Listener = await startListener({ appSecret: secret, verifyToken: "t", port: 0 });
const seen: ListenerEvent["type"][] = [];
const watching = (async () => {
  for await (const event of listener.events()) seen.push(event.type);
})();
const headers = { "content-type": "application/json", "x-hub-signature-256": signature };
const response = await fetch(listener.url, { method: "POST", body: new Uint8Array(body), headers });
assert.equal(response.status, 200);
const kept: Delivery | undefined = listener.store.last();
assert.equal(Buffer.from(kept?.body ?? []).equals(body), true);
const delivered: Delivered = await deliver("image", { to: listener.url, appSecret: secret });
assert.deepEqual([delivered.status, delivered.ok], [200, true]);
assert.equal((await replay("status.*", { to: listener.url, appSecret: secret, fault: "unsigned" }))[0]?.status, 401);
await listener.close();
await watching;

const meta: Emulator = await startEmulator({
  webhook: "http://127.0.0.1:9",
  seed: "consumer",
  statuses: { read: false },
});
const told: EmulatorEvent["type"][] = [];
const following = (async () => {
  for await (const event of meta.events()) told.push(event.type);
})();
meta.fail({ code: 131056, times: 1 });
const graph = `${meta.env["GRAPH_API_URL"]}/v25.0/${meta.account.phoneNumberId}/messages`;
const message = { messaging_product: "whatsapp", to: "+16505551234", text: { body: "Hello" } };
const ask = () =>
  fetch(graph, {
    method: "POST",
    headers: { authorization: `Bearer ${meta.account.accessToken}`, "content-type": "application/json" },
    body: JSON.stringify(message),
  });
assert.equal((await ask()).status, 400);
assert.equal((await ask()).status, 200);
assert.deepEqual(
  meta.requests.map(({ status, kind }) => [status, kind]),
  [
    [400, undefined],
    [200, "text"],
  ],
);
expect(meta).toHaveSentText("Hello", { to: "+16505551234", times: 1 });
assert.throws(() => expect(meta).not.toHaveSent(), /expected the app not to send a message/);
// @ts-expect-error the body of a message is an object
expect(meta).not.toHaveSent({ body: 5 });
await assert.rejects(() => meta.receive({ type: "image", image: { caption: 5 } }), UsageError);
meta.reset();
assert.equal(meta.requests.length, 0);
// @ts-expect-error a code is needed
assert.throws(() => meta.fail({}));
await meta.close();
await following;
assert.equal(told[0], "request");
assert.deepEqual(new Set(seen), new Set(["delivery", "mismatch", "rejected"]));
console.log("ok");
