/** `account_review_update`: how Meta's review of the WhatsApp Business Account ended. */
import * as z from "zod";

import { word } from "../../messages/parts.ts";
import { defineField } from "../shapes/field.ts";
import { line, meaningOf } from "../shapes/wording.ts";

const MEANINGS = {
  APPROVED: "the account passed the review and can be used",
  REJECTED: "the account did not pass the review: ask for another one in Business Support",
  PENDING: "the account is being reviewed",
  DEFERRED: "the review of the account was put off",
};

export const accountReviewUpdate = defineField("account_review_update", () => ({
  schema: z.looseObject({ decision: word }),
  examples: {
    default: { decision: "APPROVED" },
    rejected: { decision: "REJECTED" },
    pending: { decision: "PENDING" },
    deferred: { decision: "DEFERRED" },
  },
  summary: ({ decision }) => line(decision, meaningOf(MEANINGS, decision)),
}));
