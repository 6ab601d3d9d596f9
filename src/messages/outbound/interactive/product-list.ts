/** Up to thirty products of a catalogue, in sections, under a header of text. */
import * as z from "zod";

import { defineKind } from "../../kind.ts";
import { quote } from "../../parts.ts";
import { count, filled, list, tellCount, text } from "../limits.ts";
import { body, footer, header, interactive } from "../parts.ts";
import { tellUntitled } from "./list.ts";

const MOST = { max: 30, noun: "product" };

const section = z.strictObject({
  title: text(24).optional(),
  product_items: list(z.strictObject({ product_retailer_id: filled }), MOST),
});

const sections = list(section, { max: 10, noun: "section" }).superRefine((all, context) => {
  const number = all.reduce((sum, each) => sum + each.product_items.length, 0);
  // More than thirty in one section are told there.
  if (all.every((each) => each.product_items.length <= MOST.max)) tellCount(context, number, MOST);
  tellUntitled(context, all);
});

export const productList = defineKind("product_list", {
  schema: interactive("product_list", {
    header: header("text"),
    body: body(),
    footer: footer.optional(),
    action: z.strictObject({ catalog_id: filled, sections }),
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
  summary: ({ interactive: { body: words, action } }) => {
    const products = action.sections.reduce((sum, each) => sum + each.product_items.length, 0);
    return `${quote(words.text)} ${count(products, "product")}`;
  },
});
