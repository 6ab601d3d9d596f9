// What another project does with the published package; compiled and run there by test/package.test.ts.
import assert from "node:assert/strict";

import {
  answerHandshake,
  encodeWire,
  fixture,
  fixtures,
  readBody,
  readPayload,
  sign,
  startListener,
  UsageError,
  verify,
  type Delivery,
  type Listener,
  type ListenerEvent,
  type WebhookEvent,
} from "wa-hook";
import text from "wa-hook/fixtures/text.json" with { type: "json" };

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
  (error) => error instanceof UsageError && error.hint === "did you mean text?",
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
await listener.close();
await watching;
assert.deepEqual(seen, ["delivery"]);
console.log("ok");
