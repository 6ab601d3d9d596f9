/** `partner_solutions`: a multi-partner solution was created or changed. Its `entry[].id` is that of the business portfolio. */
import * as z from "zod";

import { scalar } from "../../messages/parts.ts";
import { defineField } from "../shapes/field.ts";
import { joinParts, optional, lookUp } from "../shapes/summary.ts";

const MEANINGS = {
  ACTIVE: "customers can be onboarded",
  DEACTIVATED: "no new customers can be onboarded",
  DRAFT: "not sent to the partner yet",
  INITIATED: "waiting for the partner to accept",
  PENDING_DEACTIVATION: "waiting for the partner to agree to the deactivation",
  REJECTED: "rejected by the partner",
};

const solution = { solution_id: "880000000000001" };

export const partnerSolutions = defineField("partner_solutions", () => ({
  schema: z.looseObject({ event: scalar, solution_id: optional, solution_status: optional }),
  examples: {
    default: { event: "SOLUTION_CREATED", ...solution, solution_status: "INITIATED" },
    draft: { event: "SOLUTION_CREATED", ...solution, solution_status: "DRAFT" },
    active: { event: "SOLUTION_UPDATED", ...solution, solution_status: "ACTIVE" },
    rejected: { event: "SOLUTION_UPDATED", ...solution, solution_status: "REJECTED" },
    "pending-deactivation": { event: "SOLUTION_UPDATED", ...solution, solution_status: "PENDING_DEACTIVATION" },
    deactivated: { event: "SOLUTION_UPDATED", ...solution, solution_status: "DEACTIVATED" },
  },
  summary: ({ event, solution_id, solution_status }) =>
    joinParts(event, solution_id, solution_status, lookUp(MEANINGS, solution_status)),
}));
