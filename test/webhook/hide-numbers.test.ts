/** The twin of a delivery whose customers hide their number. */
import { expect, test } from "vitest";

import { fixtures } from "../../src/webhook/fixtures.ts";
import { hideNumbers } from "../../src/webhook/hide-numbers.ts";
import { readPayload } from "../../src/webhook/payload.ts";

const CUSTOMER = "16505551234";
const all = fixtures();
const twin = (name: string) => {
  const payload = structuredClone(all.find((each) => each.name === name)?.payload);
  hideNumbers(payload);
  return payload?.entry[0]?.changes[0]?.value as Record<string, Record<string, unknown>[]>;
};

/** Fields whose shape without a number is unknown, and texts that contain the number. */
const KEPT = /^(messaging_handovers|interactive\.address-reply|system\.number-changed)|receiver-incapable|removed$/;

test.each(all)("$name is read without problems, and without the customer's number", ({ name, payload }) => {
  const copy = structuredClone(payload);
  const [before, kinds] = [
    readPayload(payload),
    (events: readonly { kind: string }[]) => events.map(({ kind }) => kind),
  ];
  hideNumbers(copy);
  const events = readPayload(copy);
  expect(kinds(events)).toEqual(kinds(before));
  expect(events.flatMap(({ problems = [] }) => problems)).toEqual([]);
  const people = events.flatMap(({ from, to }) => [from, to]);
  if (!KEPT.test(name)) expect(people).not.toContain(CUSTOMER);
});

test("a message has the user id and the username in place of the number", () => {
  const { contacts, messages } = twin("text.older");
  const id = contacts?.[0]?.["user_id"];
  expect(id).toMatch(/^US\.\d{20}$/);
  expect(contacts?.[0]).toEqual({
    profile: { name: "Sheena", username: expect.stringMatching(/^sheena\.\d{4}$/) },
    user_id: id,
  });
  expect(Object.entries(messages?.[0] ?? {}).slice(0, 2)).toEqual([
    ["from_user_id", id],
    ["id", expect.any(String)],
  ]);
});

test("the status sent has no username, and other statuses do", () => {
  expect(twin("status.sent")["contacts"]?.[0]?.["profile"]).toEqual({ name: "Sheena" });
  expect(twin("status.read")["contacts"]?.[0]?.["profile"]).toHaveProperty("username");
});

test("a user id that is known is kept, and a status, a call, an echo and a thread have it too", () => {
  const known = "US.10020030040050060070";
  expect(twin("text")["messages"]?.[0]).toMatchObject({ from_user_id: known });
  expect(twin("status.read")["statuses"]?.[0]).toMatchObject({ recipient_user_id: known });
  expect(twin("status.read")["statuses"]?.[0]).not.toHaveProperty("recipient_id");
  expect(twin("calls")["calls"]?.[0]).toMatchObject({ from_user_id: known, to: "15550783881" });
  expect(twin("smb_message_echoes")["message_echoes"]?.[0]).toMatchObject({ from: "15550783881", to_user_id: known });
  const thread = (twin("history")["history"]?.[0]?.["threads"] as Record<string, unknown>[])[0];
  expect(thread).not.toHaveProperty("id");
  expect(thread?.["context"]).toEqual({ user_id: known, username: expect.any(String) });
});

test("a customer has the same user id in every delivery of a business, and another one in another", () => {
  const userId = (account: string) => {
    const payload = structuredClone(all.find(({ name }) => name === "text.older")?.payload);
    if (payload?.entry[0] !== undefined) payload.entry[0].id = account;
    hideNumbers(payload);
    return readPayload(payload)[0]?.from;
  };
  expect(userId("1")).toBe(userId("1"));
  expect(userId("1")).not.toBe(userId("2"));
});

test("shared contact cards, groups and anything unexpected stay as they are", () => {
  const cards = { type: "contacts", contacts: [{ phones: [{ wa_id: "16505555678" }] }] };
  const group = { recipient_id: "Y2FwaV9ncm91cDp0", recipient_type: "group" };
  const odd = JSON.parse('{"from": 5, "__proto__": {"from": "16505551234"}}') as object;
  const value = { messages: [cards, odd, null, 7], statuses: [group], contacts: "none" };
  const payload = { entry: [{ id: "1", changes: [{ value }, null] }, "x"] };
  const before = JSON.stringify(payload);
  hideNumbers(payload);
  expect(JSON.stringify(payload)).toBe(before);
  for (const nothing of [undefined, null, 1, "x", [], {}]) expect(() => hideNumbers(nothing)).not.toThrow();
});
