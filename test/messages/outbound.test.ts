import fc from "fast-check";
import { describe, expect, test } from "vitest";

import type { Problem } from "../../src/messages/kind.ts";
import { outboundExamples, outboundKinds, readOutbound } from "../../src/messages/outbound/index.ts";
import { interactiveKinds } from "../../src/messages/outbound/interactive/index.ts";
import { list, sent, tap, template, TO, problemsOf, unknownOf, type JsonObject } from "./outbound-requests.ts";

function readProblems(request: unknown): Problem[] {
  const reading = readOutbound(request);
  return "problems" in reading ? reading.problems : [];
}
const kindOf = (request: unknown) => readOutbound(request).kind;

/** Free-form objects, and those that depend on the country. */
const FREE = /payload\.data$|parameters\.values$|saved_addresses\[0\]\.value$|validation_errors$/;
const FREE_IN_ORDERS = /action\.parameters(\.order|\.payment_settings.*)?$|\.order\./;

describe("every outbound kind", () => {
  const examples = outboundExamples();

  test("has a unique name, and examples with unique names", () => {
    const kinds = [...outboundKinds, ...interactiveKinds].map(({ name }) => name);
    expect(new Set(kinds).size).toBe(kinds.length);
    expect(new Set(examples.map(({ name }) => name)).size).toBe(examples.length);
    for (const kind of [...outboundKinds, ...interactiveKinds]) expect(Object.keys(kind.examples)).not.toEqual([]);
  });

  test.each(examples)("the example $name is valid and has the kind of its name", ({ name, request }) => {
    expect(problemsOf(request)).toEqual([]);
    const reading = readOutbound(JSON.parse(JSON.stringify(request)));
    expect(reading.kind).toBe(name.replace(/\..*/, ""));
    expect(reading).toHaveProperty("summary", expect.any(String));
  });

  test.each(examples)(
    "an unknown key is not refused, but reported with its path, anywhere in $name",
    ({ name, request }) => {
      const free = name.startsWith("order_") ? FREE_IN_ORDERS : FREE;
      const places = objectsIn(request).filter(({ place }) => !free.test(place));
      expect(places.length).toBeGreaterThan(0);
      for (const { place, holder } of places) {
        holder["surprise"] = 1;
        const unknown = {
          path: place === "" ? "surprise" : `${place}.surprise`,
          message: "is not a supported key",
          reason: "unknown",
        };
        const reading = readOutbound(request);
        expect(reading).toHaveProperty("summary");
        expect(reading.unknown).toEqual([unknown]);
        delete holder["surprise"];
      }
    },
  );

  test.each(examples)("a value of another type is reported with its path, anywhere in $name", ({ name, request }) => {
    const free = name.startsWith("order_") ? FREE_IN_ORDERS : FREE;
    for (const { place, holder } of objectsIn(request).filter(({ place }) => !free.test(place))) {
      for (const [key, value] of Object.entries(holder)) {
        const at = place === "" ? key : `${place}.${key}`;
        if (typeof value === "object") continue;
        // Contact cards and templates have free-form values under these keys.
        const fixed = /(^|\.)(type|sub_type|policy|mode|status|messaging_product|action\.name)$/.test(at);
        for (const other of fixed && !at.startsWith("contacts") ? [{}, "surprise"] : [{}]) {
          holder[key] = other;
          const problems = readProblems(request);
          const unknown = typeof other === "string" ? readOutbound(request).unknown : [];
          expect([...problems, ...unknown].map((problem) => problem.path)).toContain(at);
        }
        holder[key] = value;
      }
    }
  });

  test.each(examples.filter(({ request }) => "type" in request))(
    "$name without its message object is reported as missing",
    ({ request }) => {
      const { type, ...rest } = request as { type: string };
      const { [type]: _, ...bare } = rest as JsonObject;
      expect(readProblems({ ...bare, type })).toEqual([{ path: type, message: "is missing", reason: "missing" }]);
    },
  );

  test("examples are fresh copies", () => {
    const [first] = outboundExamples();
    (first?.request as { text: { body: string } }).text.body = "changed";
    expect(outboundExamples()[0]?.request).not.toEqual(first?.request);
  });
});

describe("the envelope of a message", () => {
  const text = { text: { body: "x" } };
  test.each<[name: string, request: unknown, kind: string | undefined, problems: string[], unknown?: string[]]>([
    ["the default type is text", { ...TO, ...text }, "text", []],
    ["undefined keys are ignored", { ...TO, ...text, context: undefined, image: undefined }, "text", []],
    ["a formatted phone number", { ...TO, ...text, to: "+1 (650) 555-1234" }, "text", []],
    ["a number without plus", { ...TO, ...text, to: "16505551234" }, "text", []],
    ["a user id", { messaging_product: "whatsapp", recipient: "US.13491208655302741918", ...text }, "text", []],
    [
      "a user id of a parent",
      { messaging_product: "whatsapp", recipient: "US.ENT.11815799212886844830", ...text },
      "text",
      [],
    ],
    ["a number and a user id", { ...TO, recipient: "US.13491208655302741918", ...text }, "text", []],
    ["a group", { ...TO, ...text, recipient_type: "group", to: "Y2FwaV9ncm91cDox" }, "text", []],
    ["a reply", { ...TO, ...text, context: { message_id: "wamid.A" } }, "text", []],
    [
      "a marketing template",
      { ...template({}), ttl: 3600, category: "marketing", message_activity_sharing: true },
      "template",
      [],
    ],
    ["marketing without a template", { ...TO, ...text, ttl: 3600 }, "text", ["ttl: is supported for templates only"]],
    [
      "another product",
      { ...TO, ...text, messaging_product: "WhatsApp" },
      "text",
      ['messaging_product: must be "whatsapp", not "WhatsApp"'],
    ],
    ["no product", { to: TO.to, ...text }, "text", ["messaging_product: is missing"]],
    [
      "no recipient",
      { messaging_product: "whatsapp", ...text },
      "text",
      ["to: is missing; for a user id, use recipient"],
    ],
    [
      "no group",
      { messaging_product: "whatsapp", recipient_type: "group", ...text },
      "text",
      ["to: is missing; it must be the group id"],
    ],
    [
      "text instead of a phone number",
      { ...TO, ...text, to: "Sheena" },
      "text",
      ['to: must be a phone number such as +16505551234, not "Sheena"'],
    ],
    [
      "a number that is too long",
      { ...TO, ...text, to: "1234567890123456" },
      "text",
      ['to: must be a phone number such as +16505551234, not "1234567890123456"'],
    ],
    ["a number as a number", { ...TO, ...text, to: 16_505_551_234 }, "text", []],
    [
      "a recipient that is a list",
      { ...TO, ...text, to: [] },
      "text",
      ["to: must be a string or a number, not an array"],
    ],
    ["an identity key hash", { ...TO, ...text, recipient_identity_key_hash: "DF2lS5v2W6x=" }, "text", []],
    [
      "keys that are null",
      { ...TO, ...text, context: null, recipient: null, image: null, biz_opaque_callback_data: null },
      "text",
      [],
    ],
    ["a direct message", { ...TO, ...text, category: "UTILITY", ttl_seconds: 43_200 }, "text", []],
    ["a direct code", { ...TO, ...text, category: "authentication", ttl_seconds: 900 }, "text", []],
    [
      "a direct code that lives too long",
      { ...TO, ...text, category: "authentication", ttl_seconds: 901 },
      "text",
      ["ttl_seconds: must be from 30 to 900, not 901"],
    ],
    [
      "a direct message that lives too short",
      { ...TO, ...text, category: "utility", ttl_seconds: 29 },
      "text",
      ["ttl_seconds: must be from 30 to 43200, not 29"],
    ],
    [
      "a direct message of another category",
      { ...TO, ...text, category: "service" },
      "text",
      [],
      ['category: must be "utility" or "authentication", not "service"'],
    ],
    ["a policy for marketing", { ...template({}), product_policy: "STRICT" }, "template", []],
    [
      "another policy for marketing",
      { ...template({}), product_policy: "LATER" },
      "template",
      [],
      ['product_policy: must be "CLOUD_API_FALLBACK" or "STRICT", not "LATER"'],
    ],
    [
      "a user id as a number",
      { ...TO, ...text, to: "US.13491208655302741918" },
      "text",
      ["to: must not be a user id; use recipient"],
    ],
    [
      "a number as a user id",
      { messaging_product: "whatsapp", recipient: "16505551234", ...text },
      "text",
      ['recipient: must be a user id such as US.13491208655302741918, not "16505551234"'],
    ],
    [
      "a recipient of another type",
      { ...TO, ...text, recipient_type: "channel" },
      "text",
      [],
      ['recipient_type: must be "individual" or "group", not "channel"'],
    ],
    ["a reply without message id", { ...TO, ...text, context: {} }, "text", ["context.message_id: is missing"]],
    [
      "a message of two types",
      { ...TO, type: "text", ...text, image: { id: "1" } },
      "text",
      [],
      ["image: is not a supported key"],
    ],
    [
      "a message under another key",
      { ...TO, type: "image", ...text },
      "image",
      ["image: is missing"],
      ["text: is not a supported key"],
    ],
    [
      "a context with an unknown key",
      { ...TO, ...text, context: { message_id: "a", id: 1 } },
      "text",
      [],
      ["context.id: is not a supported key"],
    ],
    [
      "a context with another key",
      { ...TO, ...text, context: { inReplyTo: "wamid.A" } },
      "text",
      ["context.message_id: is missing"],
      ["context.inReplyTo: is not a supported key"],
    ],
    ["a fractional ttl", { ...template({}), ttl: 1.5 }, "template", ["ttl: must be an integer, not 1.5"]],
    ["no message at all", TO, "text", ["text: is missing"]],
    ["a message that is text", { ...TO, text: "x" }, "text", ["text: must be an object, not a string"]],
    ["a message that is nothing", { ...TO, text: null }, "text", ["text: is missing"]],
    ["a list as message", sent("interactive", []), "interactive", ["interactive: must be an object, not an array"]],
    ["interactive without type", sent("interactive", {}), "interactive", ["interactive.type: is missing"]],
    ["no JSON object", [], undefined, ["the request must be a JSON object"]],
    ["read", { messaging_product: "whatsapp", status: "read", message_id: "wamid.A" }, "read", []],
    [
      "read with the type of the recipient",
      { messaging_product: "whatsapp", recipient_type: "individual", status: "read", message_id: "wamid.A" },
      "read",
      [],
    ],
    ["read without message id", { messaging_product: "whatsapp", status: "read" }, "read", ["message_id: is missing"]],
    [
      "seen",
      { messaging_product: "whatsapp", status: "seen", message_id: "wamid.A" },
      "read",
      ['status: must be "read", not "seen"'],
    ],
  ])("%s", (_, request, kind, problems, unknown = []) => {
    expect(kindOf(request)).toBe(kind);
    expect(problemsOf(request)).toEqual(problems);
    expect(unknownOf(request)).toEqual(unknown);
  });

  test("an unknown type is not refused, but reported with the supported types", () => {
    expect(readOutbound(sent("photo", {}))).toEqual({
      kind: "photo",
      summary: "",
      unknown: [
        {
          path: "type",
          message: expect.stringMatching(/^must be "text", "image", .* or "interactive", not "photo"$/),
          reason: "unknown-value",
        },
      ],
    });
    expect(readOutbound(tap("buttons", {}))).toMatchObject({ kind: "interactive", summary: "" });
    expect(unknownOf(tap("buttons", {}))).toEqual([
      expect.stringMatching(/^interactive.type: must be "button", "list", .*, not "buttons"$/),
    ]);
    expect(problemsOf(sent("photo", {}))).toEqual([]);
    expect(problemsOf({ ...sent("photo", {}), to: "Sheena" })).toEqual([expect.stringMatching(/^to: /)]);
  });

  test("the kind of an interactive message is its own type, and its summary lists the choices", () => {
    const buttons = ["Yes", "No"].map((title) => ({ type: "reply", reply: { id: title, title } }));
    expect(readOutbound(tap("button", { buttons }))).toMatchObject({ kind: "button", summary: '"x" [Yes] [No]' });
    const sections = [{ rows: [{ id: "a", title: "A" }] }];
    expect(readOutbound(list(sections))).toMatchObject({
      kind: "list",
      summary: '"x" [Choose] 1 row',
    });
    expect(readOutbound(template({}))).toMatchObject({ kind: "template", summary: "hello_world (en_US)" });
  });
});

describe("for any input", () => {
  const value = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom<unknown>("__proto__", "constructor", "interactive", Number.MAX_VALUE, [], {}, null),
  );
  const expectReading = (request: unknown) => {
    const reading = readOutbound(request);
    if ("summary" in reading) expect(typeof reading.summary).toBe("string");
    else expect(reading.problems.length).toBeGreaterThan(0);
  };

  test("arbitrary JSON gives a summary or problems, and no exception", () => {
    fc.assert(fc.property(value, expectReading), { numRuns: 500 });
    const keys = fc.constantFrom(
      "messaging_product",
      "to",
      "type",
      "status",
      "text",
      "image",
      "interactive",
      "template",
      "__proto__",
    );
    fc.assert(fc.property(fc.dictionary(keys, value), expectReading), { numRuns: 500 });
  });

  test("a mutated example gives a summary or problems, and no exception", () => {
    const examples = outboundExamples();
    const changes = fc.array(fc.tuple(fc.nat(), value), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.nat(examples.length - 1), changes, (which, places) => {
        const request = structuredClone(examples[which]?.request);
        for (const [at, replacement] of places) replace(request, at, replacement);
        expectReading(request);
      }),
      { numRuns: 3000 },
    );
  });
});

/** Replaces the nth value inside a JSON value. */
function replace(root: unknown, at: number, replacement: unknown): void {
  const places: [holder: JsonObject, key: string][] = [];
  const visit = (node: unknown): void => {
    if (typeof node !== "object" || node === null) return;
    for (const key of Object.keys(node)) {
      places.push([node as JsonObject, key]);
      visit((node as JsonObject)[key]);
    }
  };
  visit(root);
  const place = places[at % Math.max(1, places.length)];
  if (place !== undefined) place[0][place[1]] = replacement;
}

/** Every object inside a JSON value, including itself, with its path. */
function objectsIn(node: unknown, place = ""): { place: string; holder: JsonObject }[] {
  if (typeof node !== "object" || node === null) return [];
  if (Array.isArray(node)) return node.flatMap((member, at) => objectsIn(member, `${place}[${at}]`));
  const inner = Object.entries(node).flatMap(([key, value]) =>
    objectsIn(value, place === "" ? key : `${place}.${key}`),
  );
  return [{ place, holder: node as JsonObject }, ...inner];
}
