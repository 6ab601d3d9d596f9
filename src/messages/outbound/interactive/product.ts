/** One product of a catalog, without header, because WhatsApp shows the image of the product there. */
import { quote } from "../../parts.ts";
import { defineOutbound } from "../kind.ts";
import { id, object, refused } from "../limits.ts";
import { body, footer, interactive } from "../parts.ts";

export const product = defineOutbound("product", {
  schema: interactive("product", {
    header: refused("is not supported for a product"),
    body: body().optional(),
    footer: footer.optional(),
    action: object({ catalog_id: id(), product_retailer_id: id() }),
  }),
  examples: {
    default: {
      interactive: {
        type: "product",
        body: { text: "This is the one that fits your door." },
        footer: { text: "While stocks last" },
        action: { catalog_id: "194836987003835", product_retailer_id: "hinge-blue" },
      },
    },
    bare: {
      interactive: {
        type: "product",
        action: { catalog_id: "194836987003835", product_retailer_id: "hinge-blue" },
      },
    },
  },
  summary: ({ interactive: { body: content, action } }) =>
    [content === undefined ? undefined : quote(content.text), action.product_retailer_id].filter(Boolean).join(" "),
});
