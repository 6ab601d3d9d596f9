/** The keys of a send request around the message, and what a reading says of messages of known and unknown types. */
import { describe, expect, test } from "vitest";

import { readOutbound } from "../../src/messages/outbound/index.ts";
import { list, sent, tap, template, TO, problemsOf, unknownOf } from "./outbound-requests.ts";

const kindOf = (request: unknown) => readOutbound(request).kind;

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
