/** `partner_solutions`: a multi-partner solution was made or changed. Its `entry[].id` is the business portfolio's. */
import * as z from "zod";

import { word } from "../../messages/parts.ts";
import { defineField } from "../shapes/field.ts";
import { line, maybe, meaningOf } from "../shapes/wording.ts";

const MEANINGS = {
  ACTIVE: "customers can be taken in with it",
  DEACTIVATED: "no more customers can be taken in with it",
  DRAFT: "it is not sent to the partner yet",
  INITIATED: "the partner has to accept it",
  PENDING_DEACTIVATION: "the partner has to agree to its end",
  REJECTED: "the partner does not want it",
};

const solution = { solution_id: "880000000000001" };

export const partnerSolutions = defineField("partner_solutions", () => ({
  schema: z.looseObject({ event: word, solution_id: maybe, solution_status: maybe }),
  examples: {
    default: { event: "SOLUTION_CREATED", ...solution, solution_status: "INITIATED" },
    draft: { event: "SOLUTION_CREATED", ...solution, solution_status: "DRAFT" },
    active: { event: "SOLUTION_UPDATED", ...solution, solution_status: "ACTIVE" },
    rejected: { event: "SOLUTION_UPDATED", ...solution, solution_status: "REJECTED" },
    "pending-deactivation": { event: "SOLUTION_UPDATED", ...solution, solution_status: "PENDING_DEACTIVATION" },
    deactivated: { event: "SOLUTION_UPDATED", ...solution, solution_status: "DEACTIVATED" },
  },
  summary: ({ event, solution_id, solution_status }) =>
    line(event, solution_id, solution_status, meaningOf(MEANINGS, solution_status)),
}));
