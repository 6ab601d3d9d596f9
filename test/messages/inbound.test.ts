/** Summaries of messages and statuses, beyond those of the fixtures. */
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

describe("the summary of a message is", () => {
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
    ["a_future_reply", "interactive", { interactive: { type: "a_future_reply" } }],
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
    ['user_changed_color: "Now blue"', "system", { system: { type: "user_changed_color", body: "Now blue" } }],
    [
      "user id changed from US.1 to US.2",
      "system",
      { system: { type: "user_changed_user_id", previous_user_id: "US.1", user_id: "US.2" } },
    ],
    ["user id changed to US.2", "system", { system: { type: "user_changed_user_id", user_id: "US.2" } }],
    ["product", "interactive", { interactive: { type: "product", action: null } }],
    ["product hinge", "interactive", { interactive: { type: "product", action: { product_retailer_id: "hinge" } } }],
    ["product", "interactive", { interactive: { type: "product", action: 5 } }],
    ["+1 650", "contacts", { contacts: [{ phones: [{ phone: "+1 650" }] }] }],
    ["number changed", "system", { system: { type: "user_changed_number" } }],
    ["changed", "system", { system: {} }],
    ["toString", "system", { system: { type: "toString" } }],
    ["poke replaces wamid.A", "edit", { edit: { original_message_id: "wamid.A", message: { type: "poke" } } }],
    ["replaces wamid.A", "edit", { edit: { original_message_id: "wamid.A" } }],
    [
      '"x" (about product 7) (forwarded) (from an unknown source)',
      "text",
      {
        text: { body: "x" },
        context: { id: "a", referred_product: { product_retailer_id: 7 }, forwarded: true },
        referral: {},
      },
    ],
    ['"x" (new identity, not acknowledged)', "text", { text: { body: "x" }, identity: { acknowledged: false } }],
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
    ["not delivered by the Cloud API", "unsupported", {}],
    ["+16505550100", "contacts", { contacts: [{ phones: [{ phone: "+16505550100" }] }] }],
  ])("%s", (summary, kind, item) => {
    const reading = message(kind, item);
    const actual = reading !== undefined && "summary" in reading ? reading.summary : reading;
    if (summary.endsWith("[[")) expect(actual).toMatch(/^flow "\[\[/);
    else expect(actual).toBe(summary);
  });
});

describe("the summary of a status is", () => {
  const amount = (value: unknown, offset: unknown) => ({ status: "captured", payment: { amount: { value, offset } } });
  test.each<[summary: string, kind: string, item: object]>([
    ["", "read", {}],
    ["service", "sent", { pricing: { category: "service" } }],
    ["service, free", "sent", { pricing: { category: "service", billable: false } }],
    ["service, charged", "sent", { pricing: { category: "service", billable: false, type: "regular" } }],
    ["free (future type)", "sent", { pricing: { type: "free_future_type" } }],
    ["in a group", "played", { recipient_type: "group" }],
    ["captured · 0.05", "payment", amount(5, 100)],
    ["captured · 12", "payment", amount("12", null)],
    ["captured · 12", "payment", amount(12, 3)],
    ["captured · much", "payment", amount("much", 100)],
    ["captured", "payment", { status: "captured" }],
    ["failed · no money", "payment", { status: "failed", payment: { transaction: { error: { reason: "no money" } } } }],
    ["999999", "failed", { errors: [{ code: 999_999 }] }],
    ["999999 Full stop", "failed", { errors: [{ code: "999999", title: "Full stop.", message: "Full stop." }] }],
    ["999999 Name: More", "failed", { errors: [{ code: 999_999, title: "Name", message: "More.", error_data: {} }] }],
  ])("%s", (summary, kind, item) => {
    expect(status(kind, item)).toMatchObject({ summary });
  });

  test("an error without Meta's text is described by the error table", () => {
    expect(status("failed", { errors: [{ code: 131_056 }] })).toEqual({
      summary: expect.stringMatching(
        /^131056 \(Business Account.*\) pair rate limit hit: too many messages /,
      ) as string,
      fix: expect.stringMatching(/^wait 6 s/) as string,
      code: 131_056,
    });
  });

  test("the fix is a field of its own, for errors, for payments and for nothing else", () => {
    const failed = { errors: [{ code: 999_999 }, { code: "131047" }] };
    expect(status("failed", failed)).toMatchObject({ code: 999_999, fix: expect.stringMatching(/^send an approved/) });
    expect(status("failed", { errors: [{ code: "E_1" }] })).toEqual({ summary: "E_1" });
    const unpaid = { status: "failed", payment: { transaction: { error: { reason: "no money" } } } };
    expect(status("payment", unpaid)).toMatchObject({ fix: expect.stringMatching(/^ask the customer to try again/) });
    expect(status("read", {})).toEqual({ summary: "" });
    expect(message("image", { errors: [{ code: 131_052 }] })).toMatchObject({
      code: 131_052,
      fix: expect.stringMatching(/^ask the sender/),
    });
  });
});
