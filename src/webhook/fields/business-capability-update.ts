/** `business_capability_update`: the limits of conversations and phone numbers. */
import * as z from "zod";

import { defineField } from "../shapes/field.ts";
import { describeLimit, joinParts, optional } from "../shapes/summary.ts";

export const businessCapabilityUpdate = defineField("business_capability_update", () => ({
  schema: z.looseObject({
    // Meta's page documents a tier name; its example has a number.
    max_daily_conversations_per_business: optional,
    max_daily_conversation_per_phone: optional,
    max_phone_numbers_per_business: optional,
    max_phone_numbers_per_waba: optional,
  }),
  examples: {
    default: { max_daily_conversations_per_business: 10_000, max_phone_numbers_per_business: 20 },
    tier: { max_daily_conversations_per_business: "TIER_100K", max_phone_numbers_per_waba: 20 },
    unlimited: { max_daily_conversations_per_business: "TIER_UNLIMITED", max_phone_numbers_per_waba: 20 },
    "per-phone": { max_daily_conversation_per_phone: -1, max_phone_numbers_per_business: 20 },
  },
  summary: (value) => {
    const { max_daily_conversations_per_business: perBusiness, max_daily_conversation_per_phone: perPhone } = value;
    const phones = value.max_phone_numbers_per_business ?? value.max_phone_numbers_per_waba;
    const limits = joinParts(
      describeLimit(perBusiness),
      perPhone ? `${describeLimit(perPhone)} per phone number` : undefined,
      phones ? `${phones} phone numbers` : undefined,
    );
    return limits || "no limits given";
  },
}));
