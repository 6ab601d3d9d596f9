/** `phone_number_name_update`: the result of the review of a display name. */
import * as z from "zod";

import { quote, scalar } from "../../messages/parts.ts";
import { defineField } from "../shapes/field.ts";
import { joinParts, optional, lookUp } from "../shapes/summary.ts";

const MEANINGS = {
  APPROVED: "now visible to customers",
  DEFERRED: "decision postponed",
  PENDING: "review in progress",
  REJECTED: "display name not approved",
};

const FIXES = { REJECTED: "submit another display name, or appeal in WhatsApp Manager" };

const name = { display_phone_number: "15550783881", requested_verified_name: "The Garden Shop" };

export const phoneNumberNameUpdate = defineField("phone_number_name_update", () => ({
  schema: z.looseObject({
    display_phone_number: optional,
    decision: scalar,
    requested_verified_name: optional,
    rejection_reason: optional,
  }),
  examples: {
    default: { ...name, decision: "APPROVED", rejection_reason: null },
    rejected: { ...name, decision: "REJECTED", rejection_reason: "NAME_FORMAT_UNACCEPTABLE" },
    pending: { ...name, decision: "PENDING", rejection_reason: null },
    deferred: { ...name, decision: "DEFERRED", rejection_reason: "UNKNOWN" },
  },
  summary: ({ decision, requested_verified_name, display_phone_number, rejection_reason }) =>
    joinParts(
      decision,
      requested_verified_name ? quote(requested_verified_name) : undefined,
      display_phone_number,
      rejection_reason,
      lookUp(MEANINGS, decision),
    ),
  fix: ({ decision }) => lookUp(FIXES, decision),
}));
