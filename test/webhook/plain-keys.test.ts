/** The short way to the keys of a payload gives those of its events. */
import fc from "fast-check";
import { expect, test } from "vitest";

import { fixtures } from "../../src/webhook/fixtures.ts";
import { openBody } from "../../src/webhook/payload.ts";
import { encodeWire } from "../../src/webhook/wire.ts";

function expectSameKeys(payload: unknown): void {
  const body = openBody(Buffer.from(JSON.stringify(payload) ?? "null"));
  expect(body.keys()).toEqual(body.events().map(({ key }) => key));
}

test("of every fixture", () => {
  for (const { payload } of fixtures()) {
    const body = openBody(encodeWire(payload));
    expect(body.keys()).toEqual(body.events().map(({ key }) => key));
  }
});

const id = fc.constantFrom("wamid.1", "wamid.2", "", 7, null, {});
const item = fc.oneof(
  fc.record({ id, status: fc.constantFrom("sent", "read", 1, null), type: fc.constantFrom("payment", "text") }),
  fc.record({ id, recipient_participant_id: id, payment: fc.constantFrom({ transaction: { id: "t" } }, [], 1) }),
  fc.constantFrom(null, 1, "x", [], {}),
);
const items = fc.option(fc.oneof(fc.array(item, { maxLength: 4 }), fc.constantFrom("x", 1, {})), { nil: undefined });
const value = fc.oneof(
  fc.record({ messages: items, statuses: items, contacts: items, errors: items }, { requiredKeys: [] }),
  fc.constantFrom(null, [], "x"),
);
const change = fc.oneof(
  fc.record({ field: fc.constantFrom("messages", "flows", "invented", 1), value }),
  fc.constantFrom(null, {}),
);
const lists = (member: fc.Arbitrary<unknown>) =>
  fc.oneof(fc.array(member, { maxLength: 3 }), fc.constantFrom(null, {}, "x"));
const payload = fc.record({
  object: fc.constantFrom("whatsapp_business_account", "page", 1),
  entry: lists(fc.oneof(fc.record({ id, changes: lists(change) }), fc.constantFrom(null, 1))),
});

test("of whatever payload", () => {
  fc.assert(fc.property(fc.oneof(payload, fc.jsonValue()), expectSameKeys), { numRuns: 2000 });
});
