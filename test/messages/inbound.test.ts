/** What a person reads of messages and statuses, beyond what the fixtures show. */
import { describe, expect, test } from "vitest";

import { inboundKinds } from "../../src/messages/inbound/index.ts";
import { statusKinds } from "../../src/messages/statuses/index.ts";

const message = (name: string, item: object) => inboundKinds.find((kind) => kind.name === name)?.read(item);
const status = (name: string, item: object) => statusKinds.find((kind) => kind.name === name)?.read(item);
const form = (response_json: unknown, more: object = {}) => ({
  interactive: { type: "nfm_reply", nfm_reply: { name: "flow", body: "Sent", response_json, ...more } },
});
const permission = (call_permission_reply: object) => ({
  interactive: { type: "call_permission_reply", call_permission_reply },
});
const order = (...product_items: object[]) => ({ order: { product_items } });

describe("a message reads as", () => {
  test.each<[summary: string, kind: string, item: object]>([
    ["flow {}", "interactive", form('{"flow_token":"only"}')],
    ['flow "{not JSON"', "interactive", form("{not JSON")],
    ['flow {"a":1}', "interactive", form({ a: 1, flow_token: "x" })],
    ['flow "Sent"', "interactive", form("null", { response_json: null })],
    ['nfm_reply {"b":2}', "interactive", form('{"b":2}', { name: null })],
    ['flow "[[', "interactive", form(`${"[".repeat(50_000)}${"]".repeat(50_000)}`)],
    [
      "call_permission_reply accept until 8.7e+30",
      "interactive",
      permission({ response: "accept", expiration_timestamp: 8.7e30 }),
    ],
    [
      "call_permission_reply accept until soon",
      "interactive",
      permission({ response: "accept", expiration_timestamp: "soon" }),
    ],
    ["call_permission_reply accept", "interactive", permission({ response: "accept" })],
    ["payment_method", "interactive", { interactive: { type: "payment_method", payment_method: {} } }],
    ["a_reply_of_tomorrow", "interactive", { interactive: { type: "a_reply_of_tomorrow" } }],
    [
      'button_reply "Yes" (1)',
      "interactive",
      { interactive: { type: "button_reply", button_reply: { id: 1, title: "Yes" } } },
    ],
    [
      "1 × a, 2 × b",
      "order",
      order(
        { product_retailer_id: "a", quantity: 1, item_price: 1, currency: "EUR" },
        { product_retailer_id: "b", quantity: 2, item_price: 1, currency: "USD" },
      ),
    ],
    ["a", "order", order({ product_retailer_id: "a", currency: "EUR" })],
    ["many × a", "order", order({ product_retailer_id: "a", quantity: "many", item_price: 1, currency: "EUR" })],
    ["", "order", order()],
    ['user_changed_colour: "Now blue"', "system", { system: { type: "user_changed_colour", body: "Now blue" } }],
    ["number changed", "system", { system: { type: "user_changed_number" } }],
    ["changed", "system", { system: {} }],
    ["toString", "system", { system: { type: "toString" } }],
    ["poke instead of wamid.A", "edit", { edit: { original_message_id: "wamid.A", message: { type: "poke" } } }],
    ["instead of wamid.A", "edit", { edit: { original_message_id: "wamid.A" } }],
    [
      '"x" (about the product 7) (forwarded) (from elsewhere)',
      "text",
      {
        text: { body: "x" },
        context: { id: "a", referred_product: { product_retailer_id: 7 }, forwarded: true },
        referral: {},
      },
    ],
    ['"x" (with a new identity, not confirmed)', "text", { text: { body: "x" }, identity: { acknowledged: false } }],
    ['"x"', "text", { text: { body: "x" }, identity: { acknowledged: true }, context: { from: "1" }, errors: [] }],
    ['"No" NO', "button", { button: { text: "No", payload: "NO" }, context: { id: "a" } }],
    [
      "live_location · 131051 Gone: 1 · 999999 → 2",
      "unsupported",
      {
        unsupported: { type: "live_location" },
        errors: [
          { code: 131051, title: "Gone", error_data: { details: "1" } },
          { code: 999_999, message: "→ 2" },
        ],
      },
    ],
    ["not handed on", "unsupported", {}],
  ])("%s", (summary, kind, item) => {
    const reading = message(kind, item);
    const told =
      reading !== undefined && "summary" in reading
        ? reading.summary.replace(/ → when sending[^·]*(?= ·)/, "")
        : reading;
    if (summary.endsWith("[[")) expect(told).toMatch(/^flow "\[\[/);
    else expect(told).toBe(summary);
  });
});

describe("a status reads as", () => {
  const amount = (value: unknown, offset: unknown) => ({ status: "captured", payment: { amount: { value, offset } } });
  test.each<[summary: string, kind: string, item: object]>([
    ["", "read", {}],
    ["service", "sent", { pricing: { category: "service" } }],
    ["service, free", "sent", { pricing: { category: "service", billable: false } }],
    ["service, charged", "sent", { pricing: { category: "service", billable: false, type: "regular" } }],
    ["free (of tomorrow)", "sent", { pricing: { type: "free_of_tomorrow" } }],
    ["in a group", "played", { recipient_type: "group" }],
    ["captured · 0.05", "payment", amount(5, 100)],
    ["captured · 12", "payment", amount("12", null)],
    ["captured · 12", "payment", amount(12, 3)],
    ["captured · much", "payment", amount("much", 100)],
    ["captured", "payment", { status: "captured" }],
    [
      "failed · no money → let the customer try again or pay in another way",
      "payment",
      { status: "failed", payment: { transaction: { error: { reason: "no money" } } } },
    ],
    ["999999", "failed", { errors: [{ code: 999_999 }] }],
    ["999999 Full stop", "failed", { errors: [{ code: "999999", title: "Full stop.", message: "Full stop." }] }],
    ["999999 Name: More", "failed", { errors: [{ code: 999_999, title: "Name", message: "More.", error_data: {} }] }],
  ])("%s", (summary, kind, item) => {
    expect(status(kind, item)).toEqual({ summary });
  });

  test("a known code without a word of Meta's is told from the table", () => {
    expect(status("failed", { errors: [{ code: 131_056 }] })).toEqual({
      summary: expect.stringMatching(
        /^131056 \(Business Account.*\) pair rate limit hit: too many messages .* → wait 6 s/,
      ),
    });
  });
});
