/** `business_capability_update`: how many conversations and phone numbers the business may have. */
import * as z from "zod";

import { defineField } from "../shapes/field.ts";
import { dailyLimit, line, maybe } from "../shapes/wording.ts";

export const businessCapabilityUpdate = defineField("business_capability_update", () => ({
  schema: z.looseObject({
    // Meta's page says a tier in words, its example has a number.
    max_daily_conversations_per_business: maybe,
    max_daily_conversation_per_phone: maybe,
    max_phone_numbers_per_business: maybe,
    max_phone_numbers_per_waba: maybe,
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
    const limits = line(
      dailyLimit(perBusiness),
      perPhone ? `${dailyLimit(perPhone)} for each phone` : undefined,
      phones ? `${phones} phone numbers` : undefined,
    );
    return limits || "no limit is named";
  },
}));
