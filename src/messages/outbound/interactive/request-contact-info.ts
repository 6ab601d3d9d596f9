/** A text with a button that shares the customer's contact card. */
import * as z from "zod";

import { defineKind } from "../../kind.ts";
import { quote } from "../../parts.ts";
import { body, interactive } from "../parts.ts";

export const requestContactInfo = defineKind("request_contact_info", {
  schema: interactive("request_contact_info", {
    body: body(),
    action: z.strictObject({ name: z.literal("request_contact_info") }),
  }),
  examples: {
    default: {
      interactive: {
        type: "request_contact_info",
        body: { text: "Under which number can we reach you?" },
        action: { name: "request_contact_info" },
      },
    },
  },
  summary: (message) => quote(message.interactive.body.text),
});
