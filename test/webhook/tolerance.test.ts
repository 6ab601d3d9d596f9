/** Tolerance for keys that Meta adds, omits or sends with another type. */
import { describe, expect, test } from "vitest";

import { fixture, fixtures } from "../../src/webhook/fixtures.ts";
import { readPayload } from "../../src/webhook/payload.ts";

type JsonObject = Record<string, unknown>;

const all = fixtures().filter(({ field }) => field === "messages");

describe("the events are the same for", () => {
  test.each(all)("$name with unknown keys in every object", ({ payload }) => {
    const expected = readPayload(payload);
    const changed = structuredClone(payload);
    walk(changed, (holder) => {
      if (!Array.isArray(holder)) holder["surprise"] = { of: ["tomorrow", 1, null] };
    });
    expect(readPayload(changed)).toEqual(expected);
  });

  test.each(all)("$name with numbers as strings and numeric strings as numbers", ({ payload }) => {
    const expected = readPayload(payload);
    const changed = structuredClone(payload);
    walk(changed, (holder) => {
      for (const [key, value] of Object.entries(holder)) {
        if (typeof value === "number") holder[key] = String(value);
        else if (typeof value === "string" && String(Number(value)) === value) holder[key] = Number(value);
      }
    });
    expect(readPayload(changed)).toEqual(expected);
  });

  test.each(all)("$name with null for missing keys", ({ payload }) => {
    const expected = readPayload(payload);
    const changed = structuredClone(payload);
    const value = changed.entry[0]?.changes[0]?.value as Record<string, JsonObject[] | undefined | null>;
    for (const key of ["contacts", "messages", "statuses", "errors"]) value[key] ??= null;
    const common = ["context", "referral", "errors", "group_id", "identity", "pricing", "recipient_type", "origin"];
    for (const item of [...(value["messages"] ?? []), ...(value["statuses"] ?? [])]) {
      for (const key of common) item[key] ??= null;
      const content = item[String(item["type"])] as JsonObject | undefined;
      if (content === undefined) continue;
      for (const key of ["caption", "filename", "url", "name", "address", "text", "emoji", "voice"]) {
        if (key !== "text" || item["type"] !== "button") content[key] ??= null;
      }
    }
    expect(readPayload(changed)).toEqual(expected);
  });
});

test("each unexpected value is reported with its path, and the identity of the item is read", () => {
  const cases: [fixture: string, change: (item: JsonObject) => void, problems: string[]][] = [
    ["text", (item) => (item["text"] = "plain"), ["text must be an object, not a string"]],
    ["text", (item) => delete item["text"], ["text is missing"]],
    ["text", (item) => (item["context"] = "wamid.A"), ["context must be an object, not a string"]],
    ["image", (item) => (item["image"] = { id: "1" }), ["image.mime_type is missing"]],
    ["image", (item) => (item["errors"] = [{}]), ["errors[0].code is missing"]],
    [
      "order",
      (item) => (item["order"] = { product_items: {} }),
      ["order.product_items must be an array, not an object"],
    ],
    [
      "location.pin",
      (item) => (item["location"] = { latitude: [] }),
      ["location.latitude must be a string or a number, not an array", "location.longitude is missing"],
    ],
    [
      "interactive.button-reply",
      (item) => (item["interactive"] = { type: "list_reply" }),
      ["interactive.list_reply is missing"],
    ],
    ["edit", (item) => (item["edit"] = {}), ["edit.original_message_id is missing"]],
    ["status.failed", (item) => (item["errors"] = "131047"), ["errors must be an array, not a string"]],
    ["status.payment.failed", (item) => (item["payment"] = []), ["payment must be an object, not an array"]],
  ];
  for (const [name, change, problems] of cases) {
    const { payload } = fixture(name);
    const value = payload.entry[0]?.changes[0]?.value as { messages?: JsonObject[]; statuses?: JsonObject[] };
    const item = (value.messages ?? value.statuses)?.[0] as JsonObject;
    change(item);
    const [event] = readPayload(payload);
    expect(event?.problems, name).toEqual(problems);
    expect(event).toMatchObject({ id: item["id"], key: expect.any(String), at: 1_785_499_200 });
  }
});

function walk(node: unknown, visit: (holder: JsonObject) => void): void {
  if (typeof node !== "object" || node === null) return;
  for (const inner of Object.values(node)) walk(inner, visit);
  visit(node as JsonObject);
}
