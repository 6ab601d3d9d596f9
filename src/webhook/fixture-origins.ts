/** Of which Graph version and date the shape of a bundled delivery is, and where it is known from. */
import type { Payload } from "./envelope.ts";
import { globOf } from "./words.ts";

export interface Origin {
  /** The newest Graph version at that date, or the one that the shape depends on; `none` for an invented shape. */
  version: string;
  /**
   * `since 2026-04`: since then, as far as is known until today. `until 2026-04`: not in this shape any more. `seen 2026-08`: Meta does not
   * date it; then it was found in the source. `none`: invented.
   */
  date: string;
  /** The page of Meta's documentation, `others` (client libraries and captures), or `invented`: a shape that tests tolerance. */
  source: string;
}

const DOCS = "https://developers.facebook.com/documentation/business-messaging/whatsapp/";
const FIELDS = "webhooks/reference/";
const MESSAGES = `${FIELDS}messages/`;
const USER_IDS = "business-scoped-user-ids";

/** When Meta's documentation, client libraries and captures were read. */
const READ = "seen 2026-08";
/** When user ids came beside phone numbers. Source: Meta, "Business-scoped user IDs". */
const WITH_USER_IDS = "since 2026-04";
const WITHOUT_USER_IDS = "until 2026-04";

/** The Graph versions and their release dates. Source: Meta, changelog of the Graph API. */
const RELEASES = [
  ["v26.0", "2026-07-29"],
  ["v25.0", "2026-02-18"],
  ["v24.0", "2025-10-08"],
  ["v23.0", "2025-05-29"],
  ["v22.0", "2025-01-21"],
  ["v21.0", "2024-10-02"],
  ["v20.0", "2024-05-21"],
] as const;

const INVENTED: Origin = { version: "none", date: "none", source: "invented" };
const OTHERS = { source: "others" };

/** What differs from the defaults, by name; of several rows that match, an earlier one wins. A page is a path below `DOCS`. */
export const EXCEPTIONS: readonly (readonly [names: string, Partial<Origin>])[] = [
  ["unknown", INVENTED],
  ["status.failed.unknown-code", INVENTED],
  ["status.sent.unknown-pricing-type", INVENTED],

  ["*.user-id", { source: USER_IDS }],
  ["*.parent-user-id", { source: USER_IDS }],
  ["*.without-number", { source: USER_IDS }],
  ["system.user-id-changed-older", { source: USER_IDS, date: "until 2026-08-11" }],
  ["system.user-id-changed*", { source: USER_IDS, date: "since 2026-08-11" }],
  ["contacts.requested", { source: USER_IDS }],
  ["contacts.shared", { source: USER_IDS }],
  ["business_username_update*", { source: USER_IDS }],

  ["system.number-changed-older", { ...OTHERS, date: READ }],
  ["reaction.removed-empty", { ...OTHERS, date: "until 2025-11" }],
  ["unsupported.older", { date: "until 2025" }],
  ["order.older", { date: READ }],
  ["button.no-context", OTHERS],
  ["request_welcome", { source: "business-phone-numbers/conversational-components" }],
  ["media_placeholder", { source: `${FIELDS}history` }],
  ["interactive.flow-reply*", { source: "flows/reference/flowswebhooks" }],
  ["interactive.address-reply*", { source: "messages/address-messages" }],
  ["interactive.call-permission*", { source: "calling/user-call-permissions" }],
  ["interactive.payment-method", { source: "payments/payments-br/overview" }],
  ["text.group", { source: `${MESSAGES}group` }],
  ["error*", { source: `${MESSAGES}errors` }],

  ["status.sent.older", { version: "v23.0" }],
  ["status.sent.with-conversation", { version: "v23.0" }],
  // The pricing model of conversations ended then.
  ["status.sent.legacy-pricing", { date: "until 2025-07-01" }],
  ["status.failed.receiver-incapable", { source: "messages/address-messages" }],
  ["status.played*", { date: "since 2026-05" }],
  ["status.warning", { ...OTHERS, date: "until 2024" }],
  ["status.deleted", { ...OTHERS, date: "until 2024" }],
  ["status.payment*", { source: "payments/payments-in/pg" }],
  ["status.*.group", { source: "groups/webhooks" }],
  ["status.*", { source: `${MESSAGES}status` }],
  ["conversation.*", { source: `${FIELDS}messages` }],

  ["account_settings_update*", OTHERS],
  ["account_update.certification-needed", OTHERS],
  ["account_update.verified", OTHERS],
  ["message_template_status_update.unarchived", OTHERS],
  ["security.reset-older", { ...OTHERS, date: READ }],
  ["user_preferences.signup", OTHERS],
  ["calls.created", OTHERS],
  ["calls.recording", OTHERS],
  ["calls.transcript", OTHERS],
  ["calls.*-outbound", { source: "calling/business-initiated-calls" }],
  ["calls*", { source: "calling/user-initiated-calls" }],
  ["phone_number_quality_update.upgrade", { date: "until 2026-02" }],
  ["phone_number_quality_update.downgrade", { date: "until 2026-02" }],
  ["business_capability_update.per-phone", { date: "until 2026-02" }],
  ["flows*", { source: "flows/reference/flowswebhooks" }],
  ["group_*", { source: "groups/webhooks" }],
  ["standby.nested*", OTHERS],
  ["standby*", { date: "seen 2026-08-04" }],
  ["messaging_handovers*", { date: "seen 2026-09-10" }],
  ["template_correct_category_detection", { date: "since 2026-07-31" }],
];

const patterns = EXCEPTIONS.map(([names, exception]) => ({ pattern: globOf(names), exception }));

/** The origin of a fixture. `documented`: the field has a page in Meta's documentation. */
export function originOf(
  name: string,
  {
    field,
    payload,
    documented,
  }: {
    field: string;
    payload: Payload;
    documented: boolean;
  },
): Origin {
  const exceptions = patterns.filter(({ pattern }) => pattern.test(name)).map(({ exception }) => exception);
  const [kind = name] = name.split(".", 1);
  const page = field === "messages" ? `${MESSAGES}${kind}` : `${FIELDS}${field}`;
  const first = <Key extends keyof Origin>(key: Key) => exceptions.find((each) => each[key] !== undefined)?.[key];
  const source = first("source") ?? (documented ? page : OTHERS.source);
  const date = first("date") ?? dateOf(name, payload);
  const isPage = source !== OTHERS.source && source !== INVENTED.source;
  return { version: first("version") ?? versionAt(date), date, source: isPage ? `${DOCS}${source}` : source };
}

function dateOf(name: string, payload: Payload): string {
  if (/user_id":/.test(JSON.stringify(payload))) return WITH_USER_IDS;
  return name.endsWith(".older") ? WITHOUT_USER_IDS : READ;
}

/** The newest version at that date; a month or a year means its start. */
function versionAt(date: string): string {
  const [, day = ""] = date.split(" ");
  return RELEASES.find(([, released]) => released <= day)?.[0] ?? "before v20.0";
}
