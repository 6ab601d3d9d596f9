import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { fields, readField, undocumented } from "../../src/webhook/fields/index.ts";

/** The field names in Meta's documentation, its dashboard and client libraries. */
const NAMES = [
  "account_alerts",
  "account_review_update",
  "account_settings_update",
  "account_update",
  "automatic_events",
  "business_capability_update",
  "business_status_update",
  "business_username_update",
  "calls",
  "flows",
  "group_lifecycle_update",
  "group_participants_update",
  "group_settings_update",
  "group_status_update",
  "history",
  "message_echoes",
  "message_template_components_update",
  "message_template_quality_update",
  "message_template_status_update",
  "messages",
  "messaging_handovers",
  "partner_solutions",
  "payment_configuration_update",
  "phone_number_name_update",
  "phone_number_quality_update",
  "security",
  "smb_app_state_sync",
  "smb_message_echoes",
  "standby",
  "template_category_update",
  "template_correct_category_detection",
  "tracking_events",
  "user_id_update",
  "user_preferences",
];

type Value = Record<string, unknown>;

const valueOf = (name: string) =>
  structuredClone(fields.flatMap(({ examples }) => examples).find((example) => example.name === name)?.value) as Value;
describe("the registry", () => {
  const all = [...fields, ...undocumented];

  test("contains every field that Meta sends", () => {
    expect(all.map(({ name }) => name)).toEqual(expect.arrayContaining(NAMES));
  });

  test("lists messages first and the others by name", () => {
    const [first, ...rest] = fields.map(({ name }) => name);
    expect(first).toBe("messages");
    expect(rest).toEqual(rest.toSorted());
  });

  test("contains each name and alias once", () => {
    const words = all.flatMap(({ name, aliases = [] }) => [name, ...aliases]);
    expect(new Set(words).size).toBe(words.length);
  });

  test("marks the fields that have entry[].time", () => {
    const untimed = fields.filter(({ name, timed }) => !timed && NAMES.includes(name)).map(({ name }) => name);
    expect(untimed).toEqual([
      "messages",
      "automatic_events",
      "calls",
      "group_lifecycle_update",
      "group_participants_update",
      "group_settings_update",
      "group_status_update",
      "history",
      "messaging_handovers",
      "smb_app_state_sync",
      "smb_message_echoes",
      "standby",
      "tracking_events",
      "user_id_update",
      "user_preferences",
    ]);
  });
});

describe.each(fields.filter(({ name }) => name !== "messages"))("$name", ({ name, examples }) => {
  test.each(examples)("$name has a summary", ({ value }) => {
    const events = readField(name, value, "value");
    expect(events.length).toBeGreaterThan(0);
    for (const event of events) {
      expect(event).toMatchObject({ field: name, path: expect.stringMatching(/^value/) as string });
      expect(event.group).not.toBe("malformed");
      expect(event).not.toHaveProperty("problems");
      expect(event).not.toHaveProperty("unknown");
      expect(event.summary).toMatch(/\S/);
      expect(event.summary).not.toMatch(/undefined|null|NaN|\[object|\? (→|is )/);
    }
  });

  test("a value of another type and an empty value are reported", () => {
    for (const odd of [undefined, null, 5, "x", [], {}]) {
      const [event] = readField(name, odd, "value");
      // All keys of this field are optional.
      if (name === "business_capability_update" && JSON.stringify(odd) === "{}") continue;
      expect(event?.group === "malformed" || event?.problems !== undefined).toBe(true);
    }
  });
});

describe("the examples", () => {
  test.each([
    [
      "account_update",
      "event",
      "ACCOUNT_DELETED ACCOUNT_VIOLATION ACCOUNT_RESTRICTION AD_ACCOUNT_LINKED AUTH_INTL_PRICE_ELIGIBILITY_UPDATE BUSINESS_PRIMARY_LOCATION_COUNTRY_UPDATE DISABLED_UPDATE MM_LITE_TERMS_SIGNED PARTNER_ADDED PARTNER_REMOVED PARTNER_APP_INSTALLED PARTNER_APP_UNINSTALLED PARTNER_CLIENT_CERTIFICATION_STATUS_UPDATE VOLUME_BASED_PRICING_TIER_UPDATE ACCOUNT_OFFBOARDED ACCOUNT_RECONNECTED VERIFIED_ACCOUNT",
    ],
    [
      "message_template_status_update",
      "event",
      "APPROVED ARCHIVED DELETED DISABLED FLAGGED IN_APPEAL LIMIT_EXCEEDED LOCKED PAUSED PENDING REINSTATED PENDING_DELETION REJECTED",
    ],
    [
      "flows",
      "event",
      "FLOW_STATUS_CHANGE CLIENT_ERROR_RATE ENDPOINT_ERROR_RATE ENDPOINT_LATENCY ENDPOINT_AVAILABILITY FLOW_VERSION_EXPIRY_WARNING",
    ],
    ["phone_number_quality_update", "event", "ONBOARDING THROUGHPUT_UPGRADE UPGRADE DOWNGRADE FLAGGED UNFLAGGED"],
    ["security", "event", "PIN_CHANGED PIN_RESET_REQUEST PIN_REQUEST_SUCCESS PIN_RESET_SUCCESS"],
    ["account_review_update", "decision", "APPROVED REJECTED PENDING DEFERRED"],
    ["phone_number_name_update", "decision", "APPROVED REJECTED PENDING DEFERRED"],
    ["partner_solutions", "solution_status", "ACTIVE DEACTIVATED DRAFT INITIATED PENDING_DEACTIVATION REJECTED"],
    ["payment_configuration_update", "status", "Active,Needs Connecting,Needs Testing"],
    ["business_username_update", "status", "approved deleted reserved"],
    ["calls", "calls.0.event", "connect terminate"],
    ["calls", "statuses.0.status", "RINGING ACCEPTED REJECTED"],
    ["group_lifecycle_update", "groups.0.type", "group_create group_delete"],
    [
      "group_participants_update",
      "groups.0.type",
      "group_participants_add group_participants_remove group_join_request_created group_join_request_revoked",
    ],
    ["group_status_update", "groups.0.type", "group_suspend group_suspend_cleared"],
    ["smb_message_echoes", "message_echoes.0.type", "text edit revoke"],
    ["user_preferences", "user_preferences.0.value", "stop resume"],
  ])("of %s have each of Meta's values of %s", (name, path, words) => {
    const values = fields.find((field) => field.name === name)?.examples.map(({ value }) => value);
    const found = values?.map((value) => path.split(".").reduce<unknown>((at, key) => (at as Value)?.[key], value));
    expect(found).toEqual(expect.arrayContaining(words.split(words.includes(",") ? "," : " ")));
  });
});

describe("aliases", () => {
  test.each([
    ["group_participant_update", "group_participants_update"],
    ["business_username_updates", "business_username_update"],
  ])("%s is %s", (spelling, name) => {
    const value = valueOf(name);
    expect(readField(spelling, value, "value")).toEqual(readField(name, value, "value"));
  });
});

describe("undocumented fields", () => {
  test("are recognized by name", () => {
    expect(readField("business_status_update", { status: "X" }, "v")).toEqual([
      {
        group: "field",
        kind: "business_status_update",
        field: "business_status_update",
        path: "v",
        summary: "undocumented payload, with status",
      },
    ]);
    expect(readField("message_echoes", null, "v")).toMatchObject([{ kind: "message_echoes", group: "field" }]);
  });

  test("are read like other fields with the same list", () => {
    const value = valueOf("smb_message_echoes");
    const [echo] = readField("smb_message_echoes", value, "v");
    expect(readField("message_echoes", value, "v")).toEqual([
      { ...echo, kind: "message_echoes", field: "message_echoes", key: `message_echoes ${echo?.id}` },
    ]);
  });

  test("keep their names if they are unknown", () => {
    expect(readField("brand_new_field", { a: 1, b: 2 }, "v")).toMatchObject([
      { kind: "brand_new_field", unknown: true, summary: "unknown webhook field, with a, b" },
    ]);
  });
});

test("any value of a field gives events and no exception", () => {
  const value = fc.oneof(fc.jsonValue(), fc.constantFrom("__proto__", "constructor", 8.64e15, -1, 1e308, null));
  const part = fc.dictionary(fc.constantFrom(...keysOfExamples()), value, { maxKeys: 6 });
  const nested = fc.oneof(value, part, fc.array(part, { maxLength: 3 }));
  const whole = fc.dictionary(fc.constantFrom(...keysOfExamples()), nested, { maxKeys: 6 });
  fc.assert(
    fc.property(fc.constantFrom(...NAMES), whole, (name, input) => {
      const events = readField(name, input, "value");
      // `messages` may give no events.
      expect(events.length).toBeGreaterThan(name === "messages" ? -1 : 0);
      for (const { kind, summary } of events) expect([typeof kind, typeof summary]).toEqual(["string", "string"]);
    }),
    { numRuns: 2000 },
  );
});

function keysOfExamples(): string[] {
  const keys = new Set<string>();
  JSON.stringify(
    fields.map(({ examples }) => examples),
    (key, value: unknown) => {
      if (!/^\d*$/.test(key)) keys.add(key);
      return value;
    },
  );
  return [...keys];
}
