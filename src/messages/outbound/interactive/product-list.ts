/** Up to thirty products of a catalog, in sections, with a text header. */
import { quote } from "../../parts.ts";
import { defineOutbound } from "../kind.ts";
import { checkCount, count, id, list, object, text } from "../limits.ts";
import { body, footer, header, interactive } from "../parts.ts";
import { checkTitles } from "./list.ts";

const LIMIT = { max: 30, noun: "product" };

const section = object({
  title: text(24).optional(),
  product_items: list(object({ product_retailer_id: id() }), LIMIT),
});

const sections = list(section, { max: 10, noun: "section" }).superRefine((all, context) => {
  const number = all.reduce((sum, each) => sum + each.product_items.length, 0);
  // Too many products in one section are reported for that section.
  if (all.every((each) => each.product_items.length <= LIMIT.max)) checkCount(context, number, LIMIT);
  checkTitles(context, all);
});

export const productList = defineOutbound("product_list", {
  schema: interactive("product_list", {
    header: header("text"),
    body: body(),
    footer: footer.optional(),
    action: object({ catalog_id: id(), sections }),
  }),
  examples: {
    default: {
      interactive: {
        type: "product_list",
        header: { type: "text", text: "Spare parts" },
        body: { text: "These fit your door." },
        footer: { text: "Example Ltd" },
        action: {
          catalog_id: "194836987003835",
          sections: [
            {
              title: "Hinges",
              product_items: [{ product_retailer_id: "hinge-blue" }, { product_retailer_id: "hinge-red" }],
            },
            { title: "Screws", product_items: [{ product_retailer_id: "screw-4x40" }] },
          ],
        },
      },
    },
  },
  summary: ({ interactive: { body: content, action } }) => {
    const products = action.sections.reduce((sum, each) => sum + each.product_items.length, 0);
    return `${quote(content.text)} ${count(products, "product")}`;
  },
});
