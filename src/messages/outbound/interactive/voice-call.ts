/** A text with a button that calls the business in WhatsApp. The limits of the button are assumed: Meta's pages do not state them. */
import * as z from "zod";

import { quote } from "../../parts.ts";
import { defineOutbound } from "../kind.ts";
import { assumedRange, assumedText, object } from "../limits.ts";
import { anyHeader, body, footer, interactive } from "../parts.ts";

/** How long the button can be tapped: 30 days at most. */
export const ttlMinutes = assumedRange(1, 43_200);

const parameters = object({
  display_text: assumedText(20).optional(),
  ttl_minutes: ttlMinutes.optional(),
  /** Returned with the call's webhooks. */
  payload: z.string().optional(),
});

export const voiceCall = defineOutbound("voice_call", {
  schema: interactive("voice_call", {
    header: anyHeader.optional(),
    body: body(),
    footer: footer.optional(),
    action: object({ name: z.literal("voice_call"), parameters: parameters.optional() }),
  }),
  examples: {
    default: {
      interactive: {
        type: "voice_call",
        body: { text: "Shall we talk about the repair?" },
        action: {
          name: "voice_call",
          parameters: { display_text: "Call us", ttl_minutes: 1440, payload: "repair-4711" },
        },
      },
    },
    bare: {
      interactive: { type: "voice_call", body: { text: "We are at the phone." }, action: { name: "voice_call" } },
    },
  },
  summary: ({ interactive: { body: content, action } }) =>
    [quote(content.text), `[${action.parameters?.display_text || "Call"}]`].join(" "),
});
