/** `account_update`: violations, restrictions, bans, sharing and pricing of the WhatsApp Business Account. */
import * as z from "zod";

import { defineField } from "../shapes/field.ts";
import { formatDay, joinParts, optional, lookUp } from "../shapes/summary.ts";

const MEANINGS = {
  ACCOUNT_DELETED: "the account was deleted",
  ACCOUNT_OFFBOARDED: "the WhatsApp Business app was set up again; sending is disabled until ACCOUNT_RECONNECTED",
  ACCOUNT_RECONNECTED: "the number is connected again; sending is enabled",
  ACCOUNT_RESTRICTION: "the account is temporarily restricted",
  ACCOUNT_VIOLATION: "policy violation; repeated violations lead to restrictions",
  AD_ACCOUNT_LINKED: "a customer shared an ad account for marketing messages",
  AUTH_INTL_PRICE_ELIGIBILITY_UPDATE: "the international price applies to authentication templates sent abroad",
  BUSINESS_PRIMARY_LOCATION_COUNTRY_UPDATE: "the primary business location was set, which determines prices",
  MM_LITE_TERMS_SIGNED: "the terms of the Marketing Messages API were accepted",
  PARTNER_ADDED: "a customer shared this account with you",
  PARTNER_APP_INSTALLED: "a customer granted your app its permissions",
  PARTNER_APP_UNINSTALLED: "a customer removed your app; its token is no longer valid",
  PARTNER_CLIENT_CERTIFICATION_NEEDED: "the verification of a customer's business requires documents",
  PARTNER_REMOVED: "a customer no longer shares this account with you",
  VERIFIED_ACCOUNT: "the account is verified",
  VOLUME_BASED_PRICING_TIER_UPDATE: "the message volume reached another pricing tier",
};

const BANS = {
  DISABLE: "the account is banned; sending is disabled",
  REINSTATE: "the ban was lifted",
  SCHEDULE_FOR_DISABLE: "the account will be banned on that day",
};

const CERTIFICATIONS = {
  APPROVED: "the customer's business is verified",
  DISCARDED: "the verification request for the customer's business was discarded",
  FAILED: "the customer's business could not be verified",
  PENDING: "the customer's business is being verified",
  REVOKED: "the verification of the customer's business was revoked",
};

const DISCONNECTIONS = {
  ACCOUNT_DISCONNECTED: "the account was disconnected or deleted",
  BUSINESS_DOWNGRADE: "the number moved to the consumer WhatsApp app",
  CHANGE_NUMBER: "the business changed its number",
  COMPANION_INACTIVITY: "the connection to this app was unused for a month",
  PRIMARY_INACTIVITY: "the phone with the WhatsApp Business app was offline for two weeks",
  USER_RE_REGISTERED: "the WhatsApp Business app was registered on another phone",
};

const FIXES = {
  ACCOUNT_RESTRICTION: "review the restriction in WhatsApp Manager → Account quality",
  ACCOUNT_VIOLATION: "review the violation in Business Support Home",
  PARTNER_CLIENT_CERTIFICATION_NEEDED: "submit the customer's business documents",
};

const BAN_FIXES = {
  DISABLE: "request a review in Business Support Home",
  SCHEDULE_FOR_DISABLE: "appeal in Business Support Home before that day",
};

const CERTIFICATION_FIXES = { FAILED: "correct the rejected documents and submit them again" };

const client = { waba_id: "102290129340399", owner_business_id: "420000000000002" };

export const accountUpdate = defineField("account_update", () => ({
  schema: z.looseObject({
    event: z.string(),
    phone_number: optional,
    country: optional,
    ban_info: z.looseObject({ waba_ban_state: optional, waba_ban_date: optional }).nullish(),
    violation_info: z.looseObject({ violation_type: optional, remediation: optional }).nullish(),
    restriction_info: z.array(z.looseObject({ restriction_type: optional, expiration: optional })).nullish(),
    waba_info: z
      .looseObject({
        waba_id: optional,
        ad_account_linked: optional,
        ad_account_id: optional,
        partner_app_id: optional,
      })
      .nullish(),
    disconnection_info: z.looseObject({ reason: optional, initiated_by: optional }).nullish(),
    auth_international_rate_eligibility: z
      .looseObject({
        start_time: optional,
        exception_countries: z.array(z.looseObject({ country_code: optional, start_time: optional })).nullish(),
      })
      .nullish(),
    partner_client_certification_info: z
      .looseObject({ client_business_id: optional, status: optional, rejection_reasons: z.array(optional).nullish() })
      .nullish(),
    volume_tier_info: z
      .looseObject({ pricing_category: optional, tier: optional, effective_month: optional, region: optional })
      .nullish(),
  }),
  examples: {
    default: { event: "ACCOUNT_VIOLATION", violation_info: { violation_type: "SPAM" } },
    "violation-calling": {
      event: "ACCOUNT_VIOLATION",
      phone_number: "15550783881",
      violation_info: {
        violation_type: "USER_INITIATED_CALLS_LOW_PICKUP_RATE",
        remediation: "Answer more of the calls, or hide the call button outside business hours.",
      },
    },
    disabled: {
      event: "DISABLED_UPDATE",
      ban_info: { waba_ban_state: "SCHEDULE_FOR_DISABLE", waba_ban_date: "August 31, 2026" },
    },
    banned: { event: "DISABLED_UPDATE", ban_info: { waba_ban_state: "DISABLE", waba_ban_date: "August 31, 2026" } },
    reinstated: {
      event: "DISABLED_UPDATE",
      ban_info: { waba_ban_state: "REINSTATE", waba_ban_date: "September 4, 2026" },
    },
    restricted: {
      event: "ACCOUNT_RESTRICTION",
      restriction_info: [
        { restriction_type: "RESTRICTED_BIZ_INITIATED_MESSAGING", expiration: 1_786_104_000 },
        { restriction_type: "RESTRICTED_ADD_PHONE_NUMBER_ACTION", expiration: 1_786_104_000 },
      ],
    },
    deleted: { event: "ACCOUNT_DELETED" },
    offboarded: { event: "ACCOUNT_OFFBOARDED" },
    reconnected: { event: "ACCOUNT_RECONNECTED" },
    verified: { event: "VERIFIED_ACCOUNT" },
    "ad-account": { event: "AD_ACCOUNT_LINKED", waba_info: { ...client, ad_account_linked: "730000000000001" } },
    "marketing-terms": { event: "MM_LITE_TERMS_SIGNED", waba_info: client },
    "international-price": {
      event: "AUTH_INTL_PRICE_ELIGIBILITY_UPDATE",
      auth_international_rate_eligibility: {
        start_time: 1_788_220_800,
        exception_countries: [{ country_code: "IN", start_time: 1_785_542_400 }],
      },
    },
    country: { event: "BUSINESS_PRIMARY_LOCATION_COUNTRY_UPDATE", country: "DE" },
    "partner-added": {
      event: "PARTNER_ADDED",
      waba_info: { ...client, solution_id: "880000000000001", solution_partner_business_ids: ["420000000000003"] },
    },
    "partner-removed": { event: "PARTNER_REMOVED", waba_info: client },
    "partner-removed-by-phone": {
      event: "PARTNER_REMOVED",
      phone_number: "15550783881",
      disconnection_info: { reason: "PRIMARY_INACTIVITY", initiated_by: "SYSTEM" },
    },
    "app-installed": { event: "PARTNER_APP_INSTALLED", waba_info: { ...client, partner_app_id: "660000000000001" } },
    "app-uninstalled": {
      event: "PARTNER_APP_UNINSTALLED",
      waba_info: { ...client, partner_app_id: "660000000000001" },
    },
    certified: certification("APPROVED", []),
    "certification-failed": certification("FAILED", ["LEGAL NAME NOT MATCHING", "WEBSITE NOT MATCHING"]),
    "certification-pending": certification("PENDING", []),
    "certification-discarded": certification("DISCARDED", []),
    "certification-revoked": certification("REVOKED", []),
    // Known from one source, which does not show the details.
    "certification-needed": { event: "PARTNER_CLIENT_CERTIFICATION_NEEDED" },
    "volume-tier": {
      event: "VOLUME_BASED_PRICING_TIER_UPDATE",
      volume_tier_info: {
        tier_update_time: 1_785_499_000,
        pricing_category: "UTILITY",
        tier: "100001:500000",
        effective_month: "2026-08",
        region: "Germany",
      },
    },
  },
  summary: (update) => {
    const { event, ban_info, violation_info, restriction_info, waba_info, disconnection_info } = update;
    const eligibility = update.auth_international_rate_eligibility;
    const { partner_client_certification_info: certification, volume_tier_info: volume } = update;
    const until = formatDay(restriction_info?.find(({ expiration }) => expiration)?.expiration);
    return joinParts(
      event,
      update.phone_number,
      violation_info?.violation_type,
      ban_info?.waba_ban_state,
      ban_info?.waba_ban_date,
      (restriction_info ?? []).map(({ restriction_type }) => restriction_type),
      until === undefined ? undefined : `until ${until}`,
      update.country,
      waba_info?.waba_id,
      waba_info?.ad_account_linked ?? waba_info?.ad_account_id ?? waba_info?.partner_app_id,
      disconnection_info?.reason,
      lookUp(DISCONNECTIONS, disconnection_info?.reason),
      eligibility?.start_time ? `from ${formatDay(eligibility.start_time)}` : undefined,
      (eligibility?.exception_countries ?? []).map(({ country_code, start_time }) =>
        [country_code, start_time ? `from ${formatDay(start_time)}` : undefined].filter(Boolean).join(" "),
      ),
      certification?.client_business_id,
      certification?.status,
      certification?.rejection_reasons ?? [],
      joinParts(volume?.region, volume?.pricing_category, volume?.tier, volume?.effective_month),
      lookUp(MEANINGS, event) ??
        lookUp(BANS, ban_info?.waba_ban_state) ??
        lookUp(CERTIFICATIONS, certification?.status),
    );
  },
  fix: ({ event, ban_info, violation_info, partner_client_certification_info }) =>
    violation_info?.remediation ??
    lookUp(FIXES, event) ??
    lookUp(BAN_FIXES, ban_info?.waba_ban_state) ??
    lookUp(CERTIFICATION_FIXES, partner_client_certification_info?.status),
}));

function certification(status: string, rejection_reasons: string[]): object {
  return {
    event: "PARTNER_CLIENT_CERTIFICATION_STATUS_UPDATE",
    partner_client_certification_info: { client_business_id: "420000000000002", status, rejection_reasons },
  };
}
