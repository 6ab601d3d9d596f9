/** A text with a button that opens the catalog. */
import * as z from "zod";

import { quote } from "../../parts.ts";
import { defineOutbound } from "../kind.ts";
import { id, object } from "../limits.ts";
import { body, footer, interactive } from "../parts.ts";

export const catalogMessage = defineOutbound("catalog_message", {
  schema: interactive("catalog_message", {
    body: body(),
    footer: footer.optional(),
    action: object({
      name: z.literal("catalog_message"),
      parameters: object({ thumbnail_product_retailer_id: id().optional() }).optional(),
    }),
  }),
  examples: {
    default: {
      interactive: {
        type: "catalog_message",
        body: { text: "Here is everything that we have in stock." },
        footer: { text: "Prices include tax" },
        action: { name: "catalog_message", parameters: { thumbnail_product_retailer_id: "hinge-blue" } },
      },
    },
    bare: {
      interactive: {
        type: "catalog_message",
        body: { text: "Have a look around." },
        action: { name: "catalog_message" },
      },
    },
  },
  summary: (message) => quote(message.interactive.body.text),
});
