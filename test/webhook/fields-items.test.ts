import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import type { WebhookEvent } from "../../src/webhook/event.ts";
import { fields, readField } from "../../src/webhook/fields/index.ts";
import { readBody } from "../../src/webhook/payload.ts";

/** The list that contains the items, for each field with a list. */
const LISTS: [field: string, list: string][] = [
  ["automatic_events", "automatic_events"],
  ["calls", "calls"],
  ["group_lifecycle_update", "groups"],
  ["group_participants_update", "groups"],
  ["group_settings_update", "groups"],
  ["group_status_update", "groups"],
  ["smb_app_state_sync", "state_sync"],
  ["smb_message_echoes", "message_echoes"],
  ["standby", "messages"],
  ["tracking_events", "events"],
  ["user_id_update", "user_id_update"],
  ["user_preferences", "user_preferences"],
];

type Value = Record<string, unknown>;

const valueOf = (name: string) =>
  structuredClone(fields.flatMap(({ examples }) => examples).find((example) => example.name === name)?.value) as Value;
const evidence = (name: string) => readBody(readFileSync(join("test/evidence", `${name}.json`)));
const summaries = (events: WebhookEvent[]) => events.map(({ kind, summary }) => `${kind} ${summary}`);

describe("fields with lists", () => {
  test.each(LISTS)("%s: each item of %s is an event, in order, and other values are malformed", (name, list) => {
    const value = valueOf(name === "automatic_events" ? "automatic_events.purchase" : name);
    const [item] = value[list] as Value[];
    const events = readField(name, { ...value, [list]: [item, "what", structuredClone(item), { id: "x" }] }, "value");
    expect(events.map(({ path }) => path)).toEqual([0, 2, 3, 1].map((index) => `value.${list}[${index}]`));
    const [first, second, wrong, odd] = events;
    expect(second).toEqual({ ...first, path: `value.${list}[2]` });
    expect(wrong?.problems !== undefined || wrong?.unknown === true).toBe(true);
    expect(odd).toMatchObject({ group: "malformed", field: name, summary: `value.${list}[1] is not an object` });
  });

  test.each(LISTS)("%s: a missing %s and one that is not an array are malformed", (name, list) => {
    expect(readField(name, { messaging_product: "whatsapp" }, "value")).toMatchObject([
      { group: "malformed", field: name },
    ]);
    const events = readField(name, { [list]: { 0: {} } }, "value");
    expect(events).toMatchObject([{ group: "malformed", summary: `value.${list} is not an array` }]);
  });

  test.each(LISTS)("%s: errors beside %s are events", (name, list) => {
    const value = { ...valueOf(name === "automatic_events" ? "automatic_events.purchase" : name) };
    value["errors"] = [{ code: 131016, title: "Service unavailable" }];
    const events = readField(name, value, "value");
    expect(events).toHaveLength((value[list] as unknown[]).length + 1);
    expect(events.at(-1)).toMatchObject({ group: "error", kind: "error", field: name, path: "value.errors[0]" });
  });

  test("malformed parts of the history do not affect the other parts", () => {
    const value = valueOf("history.threads");
    const [chunk] = value["history"] as [{ threads: { messages: unknown[] }[] }];
    chunk.threads[0]?.messages.unshift(7);
    chunk.threads.push(8 as never);
    (value["history"] as unknown[]).push({ threads: 9, metadata: { phase: 0 } });
    expect(readField("history", value, "v").map(({ path, group }) => [path, group])).toEqual([
      ["v.history[0].threads[0].messages[1]", "field"],
      ["v.history[0].threads[0].messages[2]", "field"],
      ["v.history[0].threads[0].messages[0]", "malformed"],
      ["v.history[0].threads[1].messages[0]", "field"],
      ["v.history[0].threads[2]", "malformed"],
      ["v.history[1].threads", "malformed"],
    ]);
  });
});

describe("identity", () => {
  test("each event of a call has its own key", () => {
    const [connect, terminate] = ["calls", "calls.terminate"].map((name) => readField("calls", valueOf(name), "v")[0]);
    expect(connect?.id).toBe(terminate?.id);
    expect(connect).toMatchObject({ from: "16505551234", to: "15550783881", name: "Sheena", at: 1_785_499_200 });
    expect([connect?.key, terminate?.key]).toEqual([`call ${connect?.id} connect`, `call ${connect?.id} terminate`]);
  });

  test("a call without a number has a user id, and a recording has its media", () => {
    const [unnumbered] = readField("calls", valueOf("calls.without-number"), "v");
    expect(unnumbered).toMatchObject({ from: "US.10020030040050060070", name: "Sheena" });
    const [recording] = readField("calls", valueOf("calls.recording"), "v");
    expect(recording?.media).toEqual({ id: "1003383421387301", mime: "audio/ogg", sha256: "dGVzdA==" });
  });

  test("a historical file and its placeholder have different keys", () => {
    const [placeholder] = readField("history", valueOf("history.media"), "v");
    const [file] = readField("history", valueOf("history.media-follows"), "v");
    expect(placeholder?.id).toBe(file?.id);
    expect(placeholder?.key).not.toBe(file?.key);
    expect(file).toMatchObject({ media: { mime: "image/jpeg" }, from: "16505551234", name: "Sheena" });
  });

  test("a message on standby has another key than in the field messages", () => {
    const value = valueOf("standby");
    const [aside] = readField("standby", value, "v");
    const [own] = readField("messages", value, "v");
    expect(aside).toMatchObject({
      group: "message",
      kind: "text",
      field: "standby",
      from: "16505551234",
      name: "Sheena",
    });
    expect(aside?.key).toBe(`standby ${own?.key}`);
    expect(readField("standby", { standby: value }, "v")).toMatchObject([{ path: "v.standby.messages[0]" }]);
    const both = readField("standby", { ...value, standby: value }, "v").map(({ path }) => path);
    expect(both).toEqual(["v.standby.messages[0]", "v.messages[0]"]);
  });

  test("simultaneous group events about different people have different keys", () => {
    const value = valueOf("group_participants_update");
    const [group] = value["groups"] as [Value];
    const other = { ...group, added_participants: [{ wa_id: "16505550101" }] };
    const keys = readField("group_participants_update", { groups: [group, other, group] }, "v").map(({ key }) => key);
    expect(keys[0]).not.toBe(keys[1]);
    expect(keys[0]).toBe(keys[2]);
  });

  test("a handover has the customer and the time", () => {
    const [event] = readField("messaging_handovers", valueOf("messaging_handovers.taken"), "v");
    expect(event).toMatchObject({ from: "16505551234", at: 1_785_499_260, key: expect.any(String) as string });
    // Without a time, two handovers cannot be distinguished.
    expect(readField("messaging_handovers", valueOf("messaging_handovers"), "v")[0]).not.toHaveProperty("key");
  });
});

describe("hand-written deliveries", () => {
  const LATE = /^\{\s*"entry"[^]*"object": "whatsapp_business_account"\s*\}\s*$/;

  test("at least ten of them have another key order than the fixtures", () => {
    const names = readdirSync("test/evidence").filter((name) => name.endsWith(".json"));
    const bodies = names.map((name) => readFileSync(join("test/evidence", name), "utf8"));
    expect(bodies.filter((body) => LATE.test(body)).length).toBeGreaterThanOrEqual(10);
  });

  test("several entries and mixed fields are read in order", () => {
    expect(summaries(evidence("people"))).toEqual([
      "user_preferences stop · marketing_messages · opted out of marketing messages",
      "user_preferences resume · marketing_messages · opted in to marketing messages again",
      "user_id_update US.10000000000000000009 → US.10000000000000000010",
      "automatic_events purchase · 12.5 EUR",
      "automatic_events LeadSubmitted",
      "tracking_events delivered",
      "business_username_update deleted · 15550783881 · the number no longer has a username",
    ]);
    expect(summaries(evidence("answered-by-others"))).toEqual([
      'text "Is it open?" · standby: another app controls the conversation',
      'standby template "greeting" · to US.10000000000000000007 · standby: another app controls the conversation',
      "delivered standby: another app controls the conversation",
      "messaging_handovers control_passed · meta_business_agent · this app now controls the conversation",
      'text "And on Sunday?"',
      "messaging_handovers control_taken · another app now controls the conversation",
    ]);
    expect(summaries(evidence("calls"))).toEqual([
      "calls connect · incoming call · SDP offer",
      "calls terminate · incoming call ended · Completed · after 12 s",
      "calls RINGING · the customer's phone is ringing",
      "calls REJECTED · the customer declined the call",
      "account_settings_update phone_number_settings · 106540352242922 · calling DISABLED · call hours DISABLED",
    ]);
  });

  test("a limit as a number and as a tier has the same summary", () => {
    const limits = evidence("forms").filter(({ kind }) => kind === "business_capability_update");
    expect(limits.map(({ summary }) => summary)).toEqual([
      "2000 conversations per day · 25 phone numbers",
      "2000 conversations per day · 2 phone numbers",
    ]);
  });

  test("entries with changed_fields and unknown fields do not affect the others", () => {
    expect(evidence("unheard-of").map(({ kind, unknown }) => [kind, unknown === true])).toEqual([
      ["brand_new_field", true],
      ["flows", false],
      ["business_status_update", false],
      ["message_echoes", false],
      ["message_echoes", false],
    ]);
  });
});
