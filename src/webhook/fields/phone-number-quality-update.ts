/** `phone_number_quality_update`: the messaging limit or throughput of a number changed. Despite its name it no longer reports quality. */
import * as z from "zod";

import { scalar } from "../../messages/parts.ts";
import { defineField } from "../shapes/field.ts";
import { describeLimit, joinParts, optional, lookUp } from "../shapes/summary.ts";

const MEANINGS = {
  DOWNGRADE: "messaging limit lowered",
  FLAGGED: "low quality; the messaging limit will be lowered unless it improves",
  ONBOARDING: "new number with its first messaging limit",
  THROUGHPUT_UPGRADE: "throughput raised",
  UNFLAGGED: "quality recovered; the messaging limit stays",
  UPGRADE: "messaging limit raised",
};

const FIXES = { FLAGGED: "message only people who opted in" };

const phone = { display_phone_number: "15550783881" };

export const phoneNumberQualityUpdate = defineField("phone_number_quality_update", () => ({
  schema: z.looseObject({
    display_phone_number: optional,
    event: scalar,
    old_limit: optional,
    current_limit: optional,
    max_daily_conversations_per_business: optional,
  }),
  examples: {
    default: { ...phone, event: "THROUGHPUT_UPGRADE", max_daily_conversations_per_business: "TIER_UNLIMITED" },
    onboarding: { ...phone, event: "ONBOARDING", max_daily_conversations_per_business: "TIER_NOT_SET" },
    // Older events, with keys that Meta is removing.
    upgrade: { ...phone, event: "UPGRADE", old_limit: "TIER_2K", current_limit: "TIER_10K" },
    downgrade: { ...phone, event: "DOWNGRADE", old_limit: "TIER_10K", current_limit: "TIER_2K" },
    flagged: { ...phone, event: "FLAGGED", current_limit: "TIER_2K" },
    unflagged: { ...phone, event: "UNFLAGGED", current_limit: "TIER_2K" },
  },
  summary: ({ display_phone_number, event, old_limit, current_limit, max_daily_conversations_per_business: daily }) =>
    joinParts(
      event,
      display_phone_number,
      lookUp(MEANINGS, event),
      describeLimit(daily ?? current_limit),
      old_limit ? `previously ${describeLimit(old_limit)}` : undefined,
    ),
  fix: ({ event }) => lookUp(FIXES, event),
}));
