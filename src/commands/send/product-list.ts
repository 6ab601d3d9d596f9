/** `wa-hook send product-list`: sends up to 30 products of a catalog, in sections. */
import * as z from "zod";

import { defineCommand, input } from "../../terminal/command.ts";
import { body, catalog, headerInputs, interactive, needCatalog, sectionsOf } from "./interactive.ts";
import { send, sendExits, sendInputs } from "./send.ts";
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
  exits: sendExits,
  examples: [
    ["wa-hook send product-list New --catalog 1948 --product a --product b", "Two products"],
    ["wa-hook send product-list New --catalog 1 --product Tea/a --product Mugs/b", "Products in sections"],
  ],

  run: (inputs, world) => {
    const action = {
      catalog_id: needCatalog(inputs.catalog),
      sections: sectionsOf("product_items", inputs.product.map(productOf)),
    };
    return send(inputs, world, interactive("product_list", inputs, action));
  },

  print: printSend,
});

/** `id`, after `Section/` where it has one. */
function productOf(typed: string): [section: string, item: object] {
  const [, section = "", id = typed] = /^([^/]+)\/(.+)$/s.exec(typed) ?? [];
  return [section, { product_retailer_id: id }];
}
