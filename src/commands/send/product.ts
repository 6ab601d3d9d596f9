/** `wa-hook send product`: sends one product of a catalog. */
import * as z from "zod";

import { defineCommand, input } from "../../terminal/command.ts";
import { catalog, footer, interactive, needCatalog } from "./interactive.ts";
import { send, sendExits, sendInputs } from "./send.ts";
import { printSend, type SendEvent } from "./view.ts";

const inputs = z.object({
  product: input("<product>", "The product's content ID in the catalog (its retailer ID)", z.string()),
  catalog,
  body: input("--body <text>", "The text, up to 1024 characters", z.string().optional()),
  footer,
  ...sendInputs,
});

export const sendProduct = defineCommand<typeof inputs, SendEvent>({
  inputs,
  exits: sendExits,
  examples: [
    ["wa-hook send product hinge-blue --catalog 1948 --to +16505551234", "One product"],
    ['wa-hook send product hinge-blue --catalog 1948 --body "It fits"', "With a text"],
  ],

  run: (inputs, world) => {
    const action = { catalog_id: needCatalog(inputs.catalog), product_retailer_id: inputs.product };
    return send(inputs, world, interactive("product", { body: inputs.body, footer: inputs.footer }, action));
  },

  print: printSend,
});
