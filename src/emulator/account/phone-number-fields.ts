/** The fields of a phone number. Source: Meta, "WhatsApp Business Account Phone Number API" and captured responses. */
import { selectFields, type Field, type Fields } from "../http/fields.ts";
import type { State } from "../state.ts";
import { health } from "./health.ts";
import type { PhoneNumber } from "./phone-numbers.ts";

const DEFAULT_FIELDS = [
  "verified_name",
  "code_verification_status",
  "display_phone_number",
  "quality_rating",
  "platform_type",
  "throughput",
  "webhook_configuration",
];

/** The requested fields of the phone number, or the default ones. Throws a `GraphErrorResponse` when a field does not exist. */
export function describePhone(fields: readonly Field[] | undefined, number: PhoneNumber, state: State): object {
  return selectFields(fields, "phone", allFields(number, state), DEFAULT_FIELDS);
}

/** Every documented field; those without a value are left out of responses, as Meta does. */
function allFields(number: PhoneNumber, state: State): Fields {
  const { registered, isTestNumber } = number;
  const nameStatus = state.phoneNumbers.isNameApproved(number) ? "APPROVED" : "PENDING_REVIEW";
  return {
    id: number.id,
    verified_name: number.verifiedName,
    display_phone_number: formatNumber(number),
    quality_rating: "GREEN",
    quality_score: { score: "GREEN" },
    code_verification_status: number.verified ? "VERIFIED" : "NOT_VERIFIED",
    name_status: nameStatus,
    new_name_status: "NONE",
    new_display_name: undefined,
    certificate: undefined,
    new_certificate: undefined,
    status: registered ? "CONNECTED" : number.verified ? "DISCONNECTED" : "PENDING",
    platform_type: registered ? "CLOUD_API" : "NOT_APPLICABLE",
    host_platform: registered ? "CLOUD_API" : "NOT_APPLICABLE",
    throughput: { level: registered ? "STANDARD" : "NOT_APPLICABLE" },
    account_mode: isTestNumber ? "SANDBOX" : "LIVE",
    messaging_limit_tier: "TIER_250",
    whatsapp_business_manager_messaging_limit: "TIER_250",
    official_business_account: { oba_status: "NOT_STARTED" },
    is_official_business_account: false,
    is_on_biz_app: false,
    is_pin_enabled: number.pin !== undefined,
    is_preverified_number: false,
    eligibility_for_api_business_global_search: "NON_ELIGIBLE_UNDEFINED_COUNTRY",
    search_visibility: "NON_VISIBLE",
    country_code: undefined,
    country_dial_code: number.dialCode,
    ...state.business.numbers.fieldsOf(number.id),
    last_onboarded_time: registered ? formatTime(number.addedAt) : undefined,
    health_status: health(state.account, number),
    webhook_configuration: state.callbacks.configurationOf(state.account.appId, number.id),
  };
}

/** Formats `15550783881` as `+1 555-078-3881`, and other numbers with a space after the country code. */
function formatNumber({ displayNumber, dialCode }: PhoneNumber): string {
  const [, area, office, line] = /^1(\d{3})(\d{3})(\d{4})$/.exec(displayNumber) ?? [];
  return area === undefined ? `+${dialCode} ${displayNumber.slice(dialCode.length)}` : `+1 ${area}-${office}-${line}`;
}

/** `2026-11-21T15:40:00+0000` */
function formatTime(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, "+0000");
}
