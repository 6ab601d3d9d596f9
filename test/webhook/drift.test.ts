/** What differs between received deliveries and the bundled shapes. */
import { expect, test } from "vitest";

import { bundledShapes } from "../../src/webhook/drift-shapes.ts";
import { Drift, type Difference } from "../../src/webhook/drift.ts";
import { fixture, fixtures } from "../../src/webhook/fixtures.ts";

const shapes = bundledShapes();

/** The part of a payload that tests change. */
// oxlint-disable-next-line typescript/no-explicit-any -- any part of any payload
type Value = any;

/** The differences of bundled deliveries after a change of the first `value`. */
function changed(name: string, edit: (value: Value) => void): Difference[] {
  const { payload } = fixture(name);
  edit(payload.entry[0]?.changes[0]?.value);
  return compared(payload);
}

function compared(...payloads: unknown[]): Difference[] {
  const drift = new Drift(shapes);
  for (const payload of payloads) drift.add({ name: "@1", body: Buffer.from(JSON.stringify(payload)) });
  return drift.differences();
}

test("the bundled deliveries have no differences, except for those that are invented", () => {
  const real = fixtures().filter(({ source }) => source !== "invented");
  expect(compared(...real.map(({ payload }) => payload))).toEqual([]);
  const invented = fixtures().filter(({ source }) => source === "invented");
  for (const { name, payload } of invented) expect(compared(payload), name).toHaveLength(1);
});

test.each<[string, string, (value: Value) => void, Partial<Difference>]>([
  [
    "a new key of a message's content",
    "text",
    ({ messages }) => (messages[0].text.formatting = "bold"),
    { change: "new-key", kind: "text", path: "messages[].text.formatting", got: "string" },
  ],
  [
    "a new key beside the messages",
    "text",
    (value) => (value.thread = {}),
    { change: "new-key", kind: "messages", path: "thread", got: "object" },
  ],
  [
    "another JSON type",
    "image",
    ({ messages }) => (messages[0].image.id = 1003),
    { change: "new-type", path: "messages[].image.id", got: "number", known: ["string"] },
  ],
  [
    "null instead of a value",
    "status.delivered",
    ({ statuses }) => (statuses[0].pricing = null),
    { change: "new-type", path: "statuses[].pricing", got: "null", known: ["object"] },
  ],
  [
    "a missing key that is needed",
    "text",
    ({ messages }) => delete messages[0].text.body,
    { change: "missing-key", kind: "text", path: "messages[].text.body" },
  ],
  [
    "a message without its content",
    "text",
    ({ messages }) => delete messages[0].text,
    { change: "missing-key", path: "messages[].text" },
  ],
  [
    "a message without a type",
    "reaction",
    ({ messages }) => {
      delete messages[0].type;
      delete messages[0].reaction;
    },
    { change: "missing-key", path: "messages[].type" },
  ],
  [
    "an unknown type of message",
    "request_welcome",
    ({ messages }) => (messages[0].type = "hologram"),
    { change: "unknown-kind", kind: "hologram", path: "messages[].type", got: "hologram" },
  ],
  [
    "an unknown status",
    "status.read",
    ({ statuses }) => (statuses[0].status = "pondered"),
    { change: "unknown-kind", kind: "pondered", path: "statuses[].status" },
  ],
  [
    "a new value of Meta's",
    "status.sent",
    ({ statuses }) => (statuses[0].pricing.type = "first_thousand"),
    { change: "new-value", kind: "sent", path: "statuses[].pricing.type", got: "first_thousand" },
  ],
  [
    "an unknown error code",
    "status.failed",
    ({ statuses }) => (statuses[0].errors[0].code = 139_998),
    { change: "new-value", kind: "failed", path: "statuses[].errors[].code", got: "139998" },
  ],
  [
    "a new event of a field",
    "account_update",
    (value) => (value.event = "ACCOUNT_PROMOTED"),
    { change: "new-value", field: "account_update", path: "event", got: "ACCOUNT_PROMOTED" },
  ],
])("%s is found, and nothing else", (_, name, edit, expected) => {
  const found = changed(name, edit);
  expect(found).toHaveLength(1);
  expect(found[0]).toMatchObject({ ...expected, count: 1 });
});

test("an unknown field is one difference, whatever it contains", () => {
  const { payload } = fixture("text");
  const [change] = payload.entry[0]?.changes ?? [];
  if (change !== undefined) change.field = "teleports";
  const path = "entry[].changes[].value";
  expect(compared(payload)).toMatchObject([{ change: "unknown-field", field: "teleports", path }]);
});

test("what Meta documents is no difference, even when no bundled delivery has it", () => {
  expect(changed("status.sent", ({ statuses }) => (statuses[0].pricing.category = "marketing_lite"))).toEqual([]);
  expect(changed("status.failed", ({ statuses }) => (statuses[0].errors[0].code = 131_021))).toEqual([]);
  expect(changed("status.payment.refunded", ({ statuses }) => (statuses[0].payment.notes = { anything: 1 }))).toEqual(
    [],
  );
  const withoutNumber = changed("text", ({ messages, contacts }) => {
    delete messages[0].from;
    delete contacts[0].wa_id;
  });
  expect(withoutNumber).toEqual([]);
});

test("an edited message and a contact card are compared as such", () => {
  const edited = changed("edit", ({ messages }) => {
    const { message } = messages[0].edit;
    delete message.text;
    Object.assign(message, { type: "video", video: { id: "1", mime_type: "video/mp4" } });
  });
  expect(edited).toEqual([]);
  // The types of phone numbers are the customer's own words.
  expect(changed("contacts.full", ({ messages }) => (messages[0].contacts[0].phones[0].type = "MUM"))).toEqual([]);
});

test("each difference is counted, with the first and the last time, and one example", () => {
  const drift = new Drift(shapes);
  const { payload } = fixture("text");
  const body = Buffer.from(JSON.stringify(payload).replace('"body"', '"size":1,"body"'));
  drift.add({ name: "@2", body, receivedAt: 2000 });
  drift.add({ name: "@1", body, receivedAt: 1000 });
  drift.add({ name: "@3", body });
  drift.add({ name: "@4", body: Buffer.from(JSON.stringify(payload)), receivedAt: 9000 });
  const example = { delivery: "@2", path: "entry[0].changes[0].value.messages[0].text.size" };
  expect(drift.differences()).toMatchObject([{ count: 3, firstSeen: 1000, lastSeen: 2000, example }]);
  expect(drift.deliveries).toBe(4);
});

test("no value of a customer is in a difference, and no key that could be one", () => {
  const secrets = [
    "+4915123456789",
    "4915123456789",
    "Sheena Nelson",
    "sheena@example.com",
    "wamid.HBgLMTY1MDU1NTEyMzQ",
  ];
  for (const secret of secrets) {
    const found = [
      ...changed("text", ({ messages }) => (messages[0].text[secret] = secret)),
      ...changed("text", ({ messages }) => (messages[0].type = secret)),
      ...changed("status.sent", ({ statuses }) => (statuses[0].pricing.type = secret)),
      ...changed("account_update", (value) => (value.event = secret)),
    ];
    expect(found.length, secret).toBeGreaterThanOrEqual(4);
    expect(JSON.stringify(found)).not.toContain(secret);
  }
  const { payload } = fixture("text");
  const text = JSON.stringify(payload).replace('"field":"messages"', '"field":"+4915123456789"');
  expect(JSON.stringify(compared(JSON.parse(text)))).not.toContain("4915");
});

test("hostile deliveries are compared in bounded memory, without an error", () => {
  const drift = new Drift(shapes);
  const keys = (start: number) =>
    Object.fromEntries(Array.from({ length: 2000 }, (_, at) => [`key_${word(start + at)}`, 1]));
  const { payload } = fixture("text");
  const [change] = payload.entry[0]?.changes ?? [];
  Object.assign(change?.value ?? {}, keys(0));
  drift.add({ name: "@1", body: Buffer.from(JSON.stringify(payload)) });
  expect(drift.differences()).toHaveLength(1000);
  expect(drift.dropped).toBe(1000);
  const deep = `${'{"entry":['.repeat(2000)}1${"]}".repeat(2000)}`;
  const odd = ["", "nonsense", "[]", "null", '"text"', '{"object":1,"entry":{}}', '{"__proto__":{"a":1}}', deep];
  for (const body of odd) new Drift(shapes).add({ name: "@2", body: Buffer.from(body) });
  const malformed = new Drift(shapes);
  malformed.add({ name: "@3", body: Buffer.from("{") });
  expect(malformed.differences()).toMatchObject([{ change: "malformed", got: "not JSON" }]);
});

/** Letters only: a name with many digits could be a number. */
function word(at: number): string {
  return String(at).replaceAll(/\d/g, (digit) => "abcdefghij"[Number(digit)] ?? "");
}
