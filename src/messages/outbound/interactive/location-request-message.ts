/** A text with a button to share the current location. */
import * as z from "zod";

import { quote } from "../../parts.ts";
import { defineOutbound } from "../kind.ts";
import { object } from "../limits.ts";
import { body, interactive } from "../parts.ts";

export const locationRequestMessage = defineOutbound("location_request_message", {
  schema: interactive("location_request_message", {
    body: body(),
    action: object({ name: z.literal("send_location") }),
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
