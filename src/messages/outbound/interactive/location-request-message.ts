/** A text with a button to share the current location. */
import * as z from "zod";

import { defineKind } from "../../kind.ts";
import { quote } from "../../parts.ts";
import { body, interactive } from "../parts.ts";

export const locationRequestMessage = defineKind("location_request_message", {
  schema: interactive("location_request_message", {
    body: body(),
    action: z.strictObject({ name: z.literal("send_location") }),
  }),
  examples: {
    default: {
      interactive: {
        type: "location_request_message",
        body: { text: "Where shall we pick up the machine?" },
        action: { name: "send_location" },
      },
    },
  },
  summary: (message) => quote(message.interactive.body.text),
});
