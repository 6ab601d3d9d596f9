/** A text with a button that shares the customer's contact card. */
import * as z from "zod";

import { quote } from "../../parts.ts";
import { defineOutbound } from "../kind.ts";
import { object } from "../limits.ts";
import { body, interactive } from "../parts.ts";

export const requestContactInfo = defineOutbound("request_contact_info", {
  schema: interactive("request_contact_info", {
    body: body(),
    action: object({ name: z.literal("request_contact_info") }),
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
