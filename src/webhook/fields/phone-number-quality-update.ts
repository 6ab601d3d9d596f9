/** `phone_number_quality_update`: a number may send more, or less. Despite its name it no longer tells of quality. */
import * as z from "zod";

import { word } from "../../messages/parts.ts";
import { defineField } from "../shapes/field.ts";
import { dailyLimit, line, maybe, meaningOf } from "../shapes/wording.ts";

const MEANINGS = {
  DOWNGRADE: "the limit was lowered",
  FLAGGED: "people complain: the limit will be lowered unless that changes",
  ONBOARDING: "the number is new, and has its first limit",
  THROUGHPUT_UPGRADE: "the number can send more messages a second",
  UNFLAGGED: "people no longer complain: the limit stays",
  UPGRADE: "the limit was raised",
};

const phone = { display_phone_number: "15550783881" };

export const phoneNumberQualityUpdate = defineField("phone_number_quality_update", () => ({
  schema: z.looseObject({
    display_phone_number: maybe,
    event: word,
    old_limit: maybe,
    current_limit: maybe,
    max_daily_conversations_per_business: maybe,
  }),
  examples: {
    default: { ...phone, event: "THROUGHPUT_UPGRADE", max_daily_conversations_per_business: "TIER_UNLIMITED" },
    onboarding: { ...phone, event: "ONBOARDING", max_daily_conversations_per_business: "TIER_NOT_SET" },
    // The words of before, with the limits that are to go.
    upgrade: { ...phone, event: "UPGRADE", old_limit: "TIER_2K", current_limit: "TIER_10K" },
    downgrade: { ...phone, event: "DOWNGRADE", old_limit: "TIER_10K", current_limit: "TIER_2K" },
    flagged: { ...phone, event: "FLAGGED", current_limit: "TIER_2K" },
    unflagged: { ...phone, event: "UNFLAGGED", current_limit: "TIER_2K" },
  },
  summary: ({ display_phone_number, event, old_limit, current_limit, max_daily_conversations_per_business: daily }) =>
    line(
      event,
      display_phone_number,
      meaningOf(MEANINGS, event),
      dailyLimit(daily ?? current_limit),
      old_limit ? `before: ${dailyLimit(old_limit)}` : undefined,
    ),
}));
