/** A text with a button that opens a web page. */
import * as z from "zod";

import { quote } from "../../parts.ts";
import { defineOutbound } from "../kind.ts";
import { httpUrl, text, object } from "../limits.ts";
import { anyHeader, body, footer, interactive } from "../parts.ts";

/** A button that opens a URL, also used on the cards of a carousel. */
export const urlButton = object({ display_text: text(20), url: httpUrl });

export const ctaUrl = defineOutbound("cta_url", {
  schema: interactive("cta_url", {
    header: anyHeader.optional(),
    body: body(),
    footer: footer.optional(),
    action: object({ name: z.literal("cta_url"), parameters: urlButton }),
  }),
  examples: {
    default: {
      interactive: {
        type: "cta_url",
        header: { type: "text", text: "Your parcel" },
        body: { text: "It left us this morning. You can follow it on its way." },
        footer: { text: "Example Ltd" },
        action: {
          name: "cta_url",
          parameters: { display_text: "Follow it", url: "https://example.com/parcels/4711" },
        },
      },
    },
  },
  summary: ({ interactive: { body: content, action } }) =>
    `${quote(content.text)} [${action.parameters.display_text}] ${action.parameters.url}`,
});
