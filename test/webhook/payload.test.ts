import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { fixture, fixtures } from "../../src/webhook/fixtures.ts";
import { readBody, readPayload } from "../../src/webhook/payload.ts";

const EVIDENCE = "test/evidence";
const evidence = (name: string) => readBody(readFileSync(join(EVIDENCE, name)));
const summaries = (name: string) =>
  evidence(name).map(({ kind, id, summary }) => [kind, id, summary].filter(Boolean).join(" "));

describe("payloads as Meta sends them", () => {
  test.each(readdirSync(EVIDENCE).filter((name) => name.endsWith(".json")))("%s has no malformed events", (name) => {
    const events = evidence(name);
    expect(events.length).toBeGreaterThan(0);
    expect(events.filter(({ group }) => group === "malformed")).toEqual([]);
    for (const { problems } of events.filter(({ unknown }) => unknown !== true)) expect(problems).toBeUndefined();
  });

  test("messages and statuses of all entries and changes are read, in any key order", () => {
    expect(summaries("batch.json")).toEqual([
      'text wamid.ONE "one"',
      "audio wamid.TWO voice message audio/ogg; codecs=opus",
      "delivered wamid.THREE",
      "read wamid.THREE",
      "message_template_status_update PENDING_DELETION · greeting (de)",
    ]);
  });

  test("a sender without a number has the user id and the profile name", () => {
    const [, second] = evidence("batch.json");
    expect(second).toMatchObject({ from: "US.13491208655302741918", name: "Second", at: 1_785_499_201 });
  });

  test("the status of each group participant has its own key", () => {
    const keys = evidence("group-statuses.json").map(({ key }) => key);
    expect(keys).toEqual([
      "status wamid.GROUP read 16505550001",
      "status wamid.GROUP read 16505550002",
      "status wamid.GROUP read US.10020030040050060003",
    ]);
  });

  test("errors without messages are events with a code and a fix", () => {
    expect(evidence("errors-only.json")).toMatchObject([
      {
        kind: "error",
        summary: "130429 Rate limit hit: Too many messages were sent from this number in a short time",
        code: 130_429,
        fix: expect.stringMatching(/^queue messages/) as string,
      },
    ]);
  });

  test("unknown types, statuses and fields keep their names", () => {
    const unknown = evidence("rare-shapes.json").filter((event) => event.unknown === true);
    expect(unknown.map(({ kind }) => kind)).toEqual(["voice", "polished", "teleports"]);
  });

  test("a payment is identified by its type, and each of its statuses has its own key", () => {
    const events = evidence("payments.json");
    expect(events.map(({ kind, key, to }) => [kind, key, to])).toEqual([
      ["payment", "status wamid.ORDER payment pending T1", "16505550001"],
      ["payment", "status wamid.ORDER payment captured T1", "16505550001"],
      ["payment", "status wamid.ORDER payment failed", "16505550002"],
      ["delivered", "status wamid.ORDER delivered", "16505550001"],
    ]);
    expect(events[0]?.summary).toBe("pending · 12 JPY · order 1");
    expect(events[2]?.summary).toBe("failed");
  });

  test("a message without content is summarized by its errors", () => {
    expect(summaries("errors-beside.json")).toEqual([
      expect.stringMatching(/^image wamid\.NO-FILE 131052 Media download error: a media file could not be downloaded/),
      expect.stringMatching(/^interactive wamid\.NO-ANSWER \(in a group\) · 131051 /),
      expect.stringMatching(/^video wamid\.BOTH video\/mp4 · 131052 Media download error: too large$/),
      expect.stringMatching(/^unknown wamid\.WORD not delivered by the Cloud API · 131051 /),
      expect.stringMatching(/^error 0 AuthException: /),
    ]);
  });

  test("people without a number have a user id", () => {
    const events = evidence("user-ids.json");
    expect(events.map(({ kind, from, to, name }) => [kind, from ?? to, name])).toEqual([
      ["text", "US.10020030040050060001", "first.test"],
      ["text", "16505550002", "Second"],
      ["system", "US.10020030040050060001", undefined],
      ["sent", "US.10020030040050060001", undefined],
      ["failed", "US.10020030040050060001", undefined],
    ]);
  });
});

describe("malformed payloads", () => {
  test.each([
    ["a number", 5, "payload is not a JSON object"],
    ["an array", [], "payload is not a JSON object"],
    ["null", null, "payload is not a JSON object"],
    ["no entry", { object: "whatsapp_business_account" }, "entry is missing"],
    ["entries that are not an array", { object: "whatsapp_business_account", entry: {} }, "entry is not an array"],
    [
      "an entry that is not an object",
      { object: "whatsapp_business_account", entry: [7] },
      "entry[0] is not an object",
    ],
    ["no entries", { object: "whatsapp_business_account", entry: [] }, "payload contains no events"],
    [
      "a change without a message",
      { object: "whatsapp_business_account", entry: [{ changes: [{ field: "messages", value: { contacts: [] } }] }] },
      "entry[0].changes[0].value contains no events",
    ],
    ["another object", { object: "page", entry: [] }, 'object is not "whatsapp_business_account"'],
  ])("%s is a malformed event with its path", (_, payload, summary) => {
    expect(readPayload(payload)).toMatchObject([{ group: "malformed", summary }]);
  });

  test("a malformed message does not affect the other messages, and its problem has a path", () => {
    const { payload } = fixture("text");
    const { messages } = payload.entry[0]?.changes[0]?.value as { messages: unknown[] };
    messages.unshift("what", { type: "text", id: "wamid.odd", text: { body: 5 } });
    const events = readPayload(payload);
    expect(events.map(({ group, kind }) => [group, kind])).toEqual([
      ["message", "text"],
      ["message", "text"],
      ["malformed", "malformed"],
    ]);
    expect(events[0]?.problems).toEqual([expect.stringContaining("text.body")]);
    expect(events[1]?.summary).toBe('"Is the blue one still in stock?"');
  });

  test.each([
    ["not JSON", "{", "body is not JSON"],
    ["empty", "", "body is not JSON"],
    ["not UTF-8", Buffer.from([0x22, 0xff, 0x22]), "body is not valid UTF-8"],
  ])("a body that is %s is one malformed event", (_, body, summary) => {
    expect(readBody(Buffer.from(body as string))).toMatchObject([{ group: "malformed", summary }]);
  });

  test("a payload nested 100,000 levels deep is read", () => {
    const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
    const body = `{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"deep","value":{"a":${deep}}}]}]}`;
    expect(readBody(Buffer.from(body))).toMatchObject([{ kind: "deep", unknown: true }]);
  });

  test("a list is read up to 200,000 members, and the others are counted", () => {
    const events = readPayload({ object: "whatsapp_business_account", entry: Array(200_002).fill(7) });
    expect(events[0]?.summary).toBe("entry is too long: 2 members were not read");
    expect(events.at(-1)?.path).toBe("entry[199999]");
  });

  test("an item has at most 50 problems, and the others are counted", () => {
    const messages = [{ type: "contacts", contacts: Array(1000).fill(5) }];
    const changes = [{ field: "messages", value: { messages } }];
    const [event] = readPayload({ object: "whatsapp_business_account", entry: [{ changes }] });
    expect(event?.problems).toHaveLength(51);
    expect(event?.problems?.at(-1)).toMatch(/^and \d+ more$/);
  });

  test("the key __proto__ has no special meaning", () => {
    const body =
      '{"object":"whatsapp_business_account","__proto__":{"polluted":1},"entry":[{"id":"1","changes":[{"field":"messages","value":{"__proto__":{"messages":[1]},"messages":[{"id":"wamid.P","type":"text","__proto__":{"type":"image"},"text":{"__proto__":{"body":"no"},"body":"yes"}}]}}]}]}';
    expect(readBody(Buffer.from(body))).toMatchObject([{ kind: "text", id: "wamid.P", summary: '"yes"' }]);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });
});

test("a mutated fixture gives events and no exception", () => {
  const bundled = fixtures();
  const value = fc.oneof(fc.jsonValue(), fc.constantFrom("__proto__", "constructor", Number.MAX_VALUE, null));
  fc.assert(
    fc.property(fc.nat(bundled.length - 1), fc.array(fc.tuple(fc.nat(), value), { maxLength: 6 }), (which, changes) => {
      const payload = structuredClone(bundled[which]?.payload);
      for (const [at, replacement] of changes) mutate(payload, at, replacement);
      const events = readPayload(payload);
      for (const event of events) {
        expect(typeof event.kind).toBe("string");
        expect(typeof event.summary).toBe("string");
      }
    }),
    { numRuns: 500 },
  );
});

/** Replaces the nth value inside a JSON value. */
function mutate(root: unknown, at: number, replacement: unknown): void {
  const places: [holder: Record<string, unknown>, key: string][] = [];
  const visit = (node: unknown): void => {
    if (typeof node !== "object" || node === null) return;
    for (const key of Object.keys(node)) {
      places.push([node as Record<string, unknown>, key]);
      visit((node as Record<string, unknown>)[key]);
    }
  };
  visit(root);
  const place = places[at % Math.max(1, places.length)];
  if (place !== undefined) place[0][place[1]] = replacement;
}
