/** `phone_number_name_update`: how the review of a display name ended. */
import * as z from "zod";

import { quote, word } from "../../messages/parts.ts";
import { defineField } from "../shapes/field.ts";
import { line, maybe, meaningOf } from "../shapes/wording.ts";

const MEANINGS = {
  APPROVED: "customers see this name from now on",
  DEFERRED: "Meta decides later",
  PENDING: "the name is being reviewed",
  REJECTED: "ask for another name, or appeal",
};

const name = { display_phone_number: "15550783881", requested_verified_name: "The Garden Shop" };

export const phoneNumberNameUpdate = defineField("phone_number_name_update", () => ({
  schema: z.looseObject({
    display_phone_number: maybe,
    decision: word,
    requested_verified_name: maybe,
    rejection_reason: maybe,
  }),
  examples: {
    default: { ...name, decision: "APPROVED", rejection_reason: null },
    rejected: { ...name, decision: "REJECTED", rejection_reason: "NAME_FORMAT_UNACCEPTABLE" },
    pending: { ...name, decision: "PENDING", rejection_reason: null },
    deferred: { ...name, decision: "DEFERRED", rejection_reason: "UNKNOWN" },
  },
  summary: ({ decision, requested_verified_name, display_phone_number, rejection_reason }) =>
    line(
      decision,
      requested_verified_name ? quote(requested_verified_name) : undefined,
      display_phone_number,
      rejection_reason,
      meaningOf(MEANINGS, decision),
    ),
}));
