/** `account_update`: the WhatsApp Business Account was restricted, banned, reinstated, shared, priced anew. */
import * as z from "zod";

import { defineField } from "../shapes/field.ts";
import { day, line, maybe, meaningOf } from "../shapes/wording.ts";

const MEANINGS = {
  ACCOUNT_DELETED: "the account no longer exists",
  ACCOUNT_OFFBOARDED: "the WhatsApp Business app was set up anew: nothing can be sent until ACCOUNT_RECONNECTED",
  ACCOUNT_RECONNECTED: "the number is connected again: sending works",
  ACCOUNT_RESTRICTION: "the account may not do these things for now",
  ACCOUNT_VIOLATION: "Meta says the account broke a policy: see Business Support, more of it leads to restrictions",
  AD_ACCOUNT_LINKED: "a customer shared an ad account for marketing messages",
  AUTH_INTL_PRICE_ELIGIBILITY_UPDATE: "authentication templates to other countries cost the international price",
  BUSINESS_PRIMARY_LOCATION_COUNTRY_UPDATE: "this is where the business is, for prices",
  MM_LITE_TERMS_SIGNED: "the terms of the marketing messages API are accepted",
  PARTNER_ADDED: "a customer shared this account with you",
  PARTNER_APP_INSTALLED: "a customer gave your app its permissions",
  PARTNER_APP_UNINSTALLED: "a customer removed your app: its token no longer works",
  PARTNER_CLIENT_CERTIFICATION_NEEDED: "send in this customer's business documents",
  PARTNER_REMOVED: "a customer no longer shares this account with you",
  VERIFIED_ACCOUNT: "the account is verified",
  VOLUME_BASED_PRICING_TIER_UPDATE: "so many messages were sent that another price applies",
};

const BANS = {
  DISABLE: "the account is banned: nothing can be sent",
  REINSTATE: "the account is no longer banned",
  SCHEDULE_FOR_DISABLE: "the account will be banned on that day: appeal before",
};

const CERTIFICATIONS = {
  APPROVED: "your customer's business is verified",
  DISCARDED: "what you sent in for your customer's business was dropped",
  FAILED: "your customer's business is not verified: send in what is missing",
  PENDING: "what you sent in for your customer's business is being looked at",
  REVOKED: "your customer's business is no longer verified",
};

const DISCONNECTIONS = {
  ACCOUNT_DISCONNECTED: "the account was disconnected or deleted",
  BUSINESS_DOWNGRADE: "the number moved to the WhatsApp app for private people",
  CHANGE_NUMBER: "the business has another number now",
  COMPANION_INACTIVITY: "the connection to this app was not used for a month",
  PRIMARY_INACTIVITY: "the phone with the app was not used for two weeks",
  USER_RE_REGISTERED: "the app was set up on another phone",
};

const client = { waba_id: "102290129340399", owner_business_id: "420000000000002" };

export const accountUpdate = defineField("account_update", () => ({
  schema: z.looseObject({
    event: z.string(),
    phone_number: maybe,
    country: maybe,
    ban_info: z.looseObject({ waba_ban_state: maybe, waba_ban_date: maybe }).nullish(),
    violation_info: z.looseObject({ violation_type: maybe, remediation: maybe }).nullish(),
    restriction_info: z.array(z.looseObject({ restriction_type: maybe, expiration: maybe })).nullish(),
    waba_info: z
      .looseObject({ waba_id: maybe, ad_account_linked: maybe, ad_account_id: maybe, partner_app_id: maybe })
      .nullish(),
    disconnection_info: z.looseObject({ reason: maybe, initiated_by: maybe }).nullish(),
    auth_international_rate_eligibility: z
      .looseObject({
        start_time: maybe,
        exception_countries: z.array(z.looseObject({ country_code: maybe, start_time: maybe })).nullish(),
      })
      .nullish(),
    partner_client_certification_info: z
      .looseObject({ client_business_id: maybe, status: maybe, rejection_reasons: z.array(maybe).nullish() })
      .nullish(),
    volume_tier_info: z
      .looseObject({ pricing_category: maybe, tier: maybe, effective_month: maybe, region: maybe })
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
    // Known from one source, without the shape of its details.
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
    const until = day(restriction_info?.find(({ expiration }) => expiration)?.expiration);
    return line(
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
      meaningOf(DISCONNECTIONS, disconnection_info?.reason),
      eligibility?.start_time ? `from ${day(eligibility.start_time)}` : undefined,
      (eligibility?.exception_countries ?? []).map(({ country_code, start_time }) =>
        [country_code, start_time ? `from ${day(start_time)}` : undefined].filter(Boolean).join(" "),
      ),
      certification?.client_business_id,
      certification?.status,
      certification?.rejection_reasons ?? [],
      line(volume?.region, volume?.pricing_category, volume?.tier, volume?.effective_month),
      violation_info?.remediation ??
        meaningOf(MEANINGS, event) ??
        meaningOf(BANS, ban_info?.waba_ban_state) ??
        meaningOf(CERTIFICATIONS, certification?.status),
    );
  },
}));

function certification(status: string, rejection_reasons: string[]): object {
  return {
    event: "PARTNER_CLIENT_CERTIFICATION_STATUS_UPDATE",
    partner_client_certification_info: { client_business_id: "420000000000002", status, rejection_reasons },
  };
}
