/** `account_review_update`: the result of Meta's review of the WhatsApp Business Account. */
import * as z from "zod";

import { scalar } from "../../messages/parts.ts";
import { defineField } from "../shapes/field.ts";
import { joinParts, lookUp } from "../shapes/summary.ts";

const MEANINGS = {
  APPROVED: "the account can be used",
  REJECTED: "the account failed the review",
  PENDING: "the review is in progress",
  DEFERRED: "the review was postponed",
};

const FIXES = { REJECTED: "request another review in Business Support Home" };

export const accountReviewUpdate = defineField("account_review_update", () => ({
  schema: z.looseObject({ decision: scalar }),
  examples: {
    default: { decision: "APPROVED" },
    rejected: { decision: "REJECTED" },
    pending: { decision: "PENDING" },
    deferred: { decision: "DEFERRED" },
  },
  summary: ({ decision }) => joinParts(decision, lookUp(MEANINGS, decision)),
  fix: ({ decision }) => lookUp(FIXES, decision),
}));
