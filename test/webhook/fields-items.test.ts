import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import type { WebhookEvent } from "../../src/webhook/event.ts";
import { fields, readField } from "../../src/webhook/fields/index.ts";
import { readBody } from "../../src/webhook/payload.ts";

/** Where the items are in fields whose changes hold many. */
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
const told = (events: WebhookEvent[]) => events.map(({ kind, summary }) => `${kind} ${summary}`);

describe("fields that hold many items", () => {
  test.each(LISTS)(
    "%s: each of %s is an event, in their order, and what is none is told with its path",
    (name, list) => {
      const value = valueOf(name === "automatic_events" ? "automatic_events.purchase" : name);
      const [item] = value[list] as Value[];
      const events = readField(name, { ...value, [list]: [item, "what", structuredClone(item), { id: "x" }] }, "value");
      expect(events.map(({ path }) => path)).toEqual([0, 2, 3, 1].map((index) => `value.${list}[${index}]`));
      const [first, second, wrong, odd] = events;
      expect(second).toEqual({ ...first, path: `value.${list}[2]` });
      expect(wrong?.problems !== undefined || wrong?.unknown === true).toBe(true);
      expect(odd).toMatchObject({ group: "odd", field: name, summary: `value.${list}[1] is not an object` });
    },
  );

  test.each(LISTS)("%s: without %s it is odd, and so is something else than a list", (name, list) => {
    expect(readField(name, { messaging_product: "whatsapp" }, "value")).toMatchObject([{ group: "odd", field: name }]);
    const events = readField(name, { [list]: { 0: {} } }, "value");
    expect(events).toMatchObject([{ group: "odd", summary: `value.${list} is not a list` }]);
  });

  test.each(LISTS)("%s: errors beside %s are events", (name, list) => {
    const value = { ...valueOf(name === "automatic_events" ? "automatic_events.purchase" : name) };
    value["errors"] = [{ code: 131016, title: "Service unavailable" }];
    const events = readField(name, value, "value");
    expect(events).toHaveLength((value[list] as unknown[]).length + 1);
    expect(events.at(-1)).toMatchObject({ group: "error", kind: "error", field: name, path: "value.errors[0]" });
  });

  test("what is odd in the history is told, and its neighbours are read", () => {
    const value = valueOf("history.threads");
    const [chunk] = value["history"] as [{ threads: { messages: unknown[] }[] }];
    chunk.threads[0]?.messages.unshift(7);
    chunk.threads.push(8 as never);
    (value["history"] as unknown[]).push({ threads: 9, metadata: { phase: 0 } });
    expect(readField("history", value, "v").map(({ path, group }) => [path, group])).toEqual([
      ["v.history[0].threads[0].messages[1]", "field"],
      ["v.history[0].threads[0].messages[2]", "field"],
      ["v.history[0].threads[0].messages[0]", "odd"],
      ["v.history[0].threads[1].messages[0]", "field"],
      ["v.history[0].threads[2]", "odd"],
      ["v.history[1].threads", "odd"],
    ]);
  });
});

describe("identity", () => {
  test("a call has a key for each thing that happens to it", () => {
    const [connect, terminate] = ["calls", "calls.terminate"].map((name) => readField("calls", valueOf(name), "v")[0]);
    expect(connect?.id).toBe(terminate?.id);
    expect(connect).toMatchObject({ from: "16505551234", to: "15550783881", name: "Sheena", at: 1_785_499_200 });
    expect([connect?.key, terminate?.key]).toEqual([`call ${connect?.id} connect`, `call ${connect?.id} terminate`]);
  });

  test("a call without numbers is known by the user id, and its files can be fetched", () => {
    const [unnumbered] = readField("calls", valueOf("calls.without-number"), "v");
    expect(unnumbered).toMatchObject({ from: "US.10000000000000000001", name: "Sheena" });
    const [recording] = readField("calls", valueOf("calls.recording"), "v");
    expect(recording?.media).toEqual({ id: "1003383421387301", mime: "audio/ogg", sha256: "dGVzdA==" });
  });

  test("a file of the past is not taken for the placeholder that came before", () => {
    const [placeholder] = readField("history", valueOf("history.media"), "v");
    const [file] = readField("history", valueOf("history.media-follows"), "v");
    expect(placeholder?.id).toBe(file?.id);
    expect(placeholder?.key).not.toBe(file?.key);
    expect(file).toMatchObject({ media: { mime: "image/jpeg" }, from: "16505551234", name: "Sheena" });
  });

  test("a message on standby is a message, but not the one of the field messages", () => {
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

  test("what happens in a group at the same second to others has another key", () => {
    const value = valueOf("group_participants_update");
    const [group] = value["groups"] as [Value];
    const other = { ...group, added_participants: [{ wa_id: "16505550101" }] };
    const keys = readField("group_participants_update", { groups: [group, other, group] }, "v").map(({ key }) => key);
    expect(keys[0]).not.toBe(keys[1]);
    expect(keys[0]).toBe(keys[2]);
  });

  test("a handover is about a customer", () => {
    const [event] = readField("messaging_handovers", valueOf("messaging_handovers.taken"), "v");
    expect(event).toMatchObject({ from: "16505551234", at: 1_785_499_260, key: expect.any(String) as string });
    // Without a time, one cannot be told from the next.
    expect(readField("messaging_handovers", valueOf("messaging_handovers"), "v")[0]).not.toHaveProperty("key");
  });
});

describe("deliveries built by hand", () => {
  const LATE = /^\{\s*"entry"[^]*"object": "whatsapp_business_account"\s*\}\s*$/;

  test("ten of them have their keys in another order than the fixtures", () => {
    const bodies = readdirSync("test/evidence").map((name) => readFileSync(join("test/evidence", name), "utf8"));
    expect(bodies.filter((body) => LATE.test(body)).length).toBeGreaterThanOrEqual(10);
  });

  test("several entries and mixed fields are read in their order", () => {
    expect(told(evidence("people"))).toEqual([
      "user_preferences stop · marketing_messages · send no more marketing messages: they would fail with 131050",
      "user_preferences resume · marketing_messages · marketing messages are welcome again",
      "user_id_update US.10000000000000000009 is US.10000000000000000010 from now on",
      "automatic_events purchase · 12.5 EUR",
      "automatic_events LeadSubmitted",
      "tracking_events delivered",
      "business_username_update deleted · 15550783881 · the number has no username any more",
    ]);
    expect(told(evidence("answered-by-others"))).toEqual([
      'text "Is it open?" · on standby: another app answers',
      'standby template "greeting" · to US.10000000000000000007 · on standby: another app answers',
      "delivered on standby: another app answers",
      "messaging_handovers control_passed · meta_business_agent · yours to answer from now on",
      'text "And on Sunday?"',
      "messaging_handovers control_taken · somebody else answers from now on: do not",
    ]);
    expect(told(evidence("calls"))).toEqual([
      "calls connect · a customer calls: answer it · SDP offer",
      "calls terminate · the customer's call is over · Completed · after 12 s",
      "calls RINGING · the customer's phone rings",
      "calls REJECTED · the customer does not take the call",
      "account_settings_update phone_number_settings · 106540352242922 · calling DISABLED · call hours DISABLED",
    ]);
  });

  test("what both forms of a limit say is the same", () => {
    const limits = evidence("forms").filter(({ kind }) => kind === "business_capability_update");
    expect(limits.map(({ summary }) => summary)).toEqual([
      "2000 conversations a day · 25 phone numbers",
      "2000 conversations a day · 2 phone numbers",
    ]);
  });

  test("an entry that only says what changed spoils nothing", () => {
    expect(evidence("unheard-of").map(({ kind, unknown }) => [kind, unknown === true])).toEqual([
      ["brand_new_field", true],
      ["flows", false],
      ["business_status_update", false],
      ["message_echoes", false],
      ["message_echoes", false],
    ]);
  });
});
