/** `wa-hook send product-list`: sends up to 30 products of a catalog, in sections. */
import * as z from "zod";

import { defineCommand, input } from "../../terminal/command.ts";
import { body, catalog, headerInputs, interactive, needCatalog } from "./interactive.ts";
import { send, sendInputs } from "./send.ts";
import { printSend, type SendEvent } from "./view.ts";

const inputs = z.object({
  body,
  catalog,
  product: input(
    "--product <id|section/id>",
    "A product's content ID, or Section/ID (repeatable, up to 30)",
    z.array(z.string()).default([]),
  ),
  ...headerInputs,
  header: input(
    "--header <text>",
    "Text above the body, which Meta requires (default: Products)",
    z.string().default("Products"),
  ),
  ...sendInputs,
});

export const sendProductList = defineCommand<typeof inputs, SendEvent>({
  inputs,
  examples: [
    ["wa-hook send product-list New --catalog 1948 --product a --product b", "Two products"],
    ["wa-hook send product-list New --catalog 1 --product Tea/a --product Mugs/b", "Products in sections"],
  ],

  run: (inputs, world) => {
    const action = { catalog_id: needCatalog(inputs.catalog), sections: sectionsOf(inputs.product) };
    return send(inputs, world, interactive("product_list", inputs, action));
  },

  print: printSend,
});

/** Groups products by section, in the order in which they were typed. */
function sectionsOf(typed: readonly string[]): object[] {
  const sections = new Map<string, object[]>();
  for (const product of typed) {
    const [, title = "", id = product] = /^([^/]+)\/(.+)$/s.exec(product) ?? [];
    sections.set(title, [...(sections.get(title) ?? []), { product_retailer_id: id }]);
  }
  return [...sections].map(([title, items]) => ({ ...(title === "" ? {} : { title }), product_items: items }));
}
