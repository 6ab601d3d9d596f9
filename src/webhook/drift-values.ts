/** Which keys hold one of Meta's own words, and which words are documented besides those in the bundled deliveries. */
import { findErrorCode } from "../meta-errors/error-table.ts";

/** Keys whose values are Meta's words and never a person's. */
const ENUM_KEYS = new Set(
  (
    "object messaging_product type status event event_name category new_category previous_category correct_category pricing_model " +
    "source_type media_type direction decision action response response_source reason alert_type alert_severity alert_status " +
    "entity_type alert_state old_status new_status new_quality_score previous_quality_score sdp_type initiated_by " +
    "join_approval_mode waba_ban_state recipient_type solution_status"
  ).split(" "),
);

const PRICES = "authentication marketing marketing_lite referral_conversion service utility";

/** By key, or by the key before it and the key. Source: Meta, webhooks reference. */
const DOCUMENTED: Readonly<Record<string, ReadonlySet<string>>> = Object.fromEntries(
  Object.entries({
    "pricing.category": `${PRICES} authentication-international`,
    "pricing.type": "regular free_customer_service free_entry_point",
    "origin.type": `${PRICES} authentication_international group_marketing group_utility group_service`,
    pricing_model: "PMP CBP",
    "history_context.status": "DELIVERED ERROR PENDING PLAYED READ SENT",
    "referral.source_type": "ad post",
    "referral.media_type": "image video",
    "disconnection_info.reason":
      "ACCOUNT_DISCONNECTED BUSINESS_DOWNGRADE CHANGE_NUMBER COMPANION_INACTIVITY PRIMARY_INACTIVITY USER_RE_REGISTERED",
    alert_severity: "CRITICAL INFORMATIONAL WARNING",
    alert_status: "ACTIVE NONE",
    alert_state: "ACTIVATED DEACTIVATED",
    decision: "APPROVED DEFERRED PENDING REJECTED",
    old_status: "DRAFT PUBLISHED DEPRECATED BLOCKED THROTTLED",
    new_status: "DRAFT PUBLISHED DEPRECATED BLOCKED THROTTLED",
    new_quality_score: "GREEN YELLOW RED UNKNOWN",
    previous_quality_score: "GREEN YELLOW RED UNKNOWN",
    new_category: "AUTHENTICATION MARKETING UTILITY",
    previous_category: "AUTHENTICATION MARKETING UTILITY",
    correct_category: "AUTHENTICATION MARKETING UTILITY",
    reason:
      "ABUSIVE_CONTENT CATEGORY_NOT_AVAILABLE INCORRECT_CATEGORY INVALID_FORMAT NONE PROMOTIONAL SCAM TAG_CONTENT_MISMATCH invite_link",
  }).map(([key, words]) => [key, new Set(words.split(" "))]),
);

/** Of customers' contact cards, the types are their own words. */
export function isEnum(scope: string, key: string): boolean {
  if (scope === "error") return key === "code";
  if (scope === "content contacts") return false;
  return ENUM_KEYS.has(key) || (key === "value" && scope === "field user_preferences");
}

/** Whether Meta documents a value that no bundled delivery has. */
export function isDocumented(parent: string, key: string, value: string): boolean {
  if (key === "code") return findErrorCode(Number(value)) !== undefined;
  return DOCUMENTED[`${parent}.${key}`]?.has(value) === true || DOCUMENTED[key]?.has(value) === true;
}

const MAX_LENGTH = 64;
/** Part of a name such as `TIER_2K`, `LeadSubmitted` or `sha256`: ids, numbers and base64 do not match. */
const NAME_PART = /^(?:(?:[A-Z]+|[A-Z]?[a-z]+(?:[A-Z][a-z]+)*)\d{0,4}|\d{1,4}[A-Z]?)$/;

/** A word of Meta's or an error code, as it may be printed; `…` for what could be somebody's data. */
export function printableWord(word: string): string {
  return word === "" || isName(word) || /^\d{1,7}$/.test(word) ? word : "…";
}

/** The name of a key, as it may be printed; `*` for one that could be somebody's data, such as a phone number. */
export function printableKey(key: string): string {
  return isName(key) ? key : "*";
}

function isName(text: string): boolean {
  return (
    text.length <= MAX_LENGTH && /^[A-Za-z]/.test(text) && text.split(/[_-]/).every((part) => NAME_PART.test(part))
  );
}
