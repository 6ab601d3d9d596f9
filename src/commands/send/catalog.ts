/** `wa-hook send catalog`: sends a button that opens the catalog. */
import * as z from "zod";

import { defineCommand, input } from "../../terminal/command.ts";
import { body, footer, interactive } from "./interactive.ts";
import { send, sendExits, sendInputs } from "./send.ts";
import { printSend, type SendEvent } from "./view.ts";

const inputs = z.object({
  body,
  thumbnail: input(
    "--thumbnail <product>",
    "Content ID of the product whose image is shown (default: the first)",
    z.string().optional(),
  ),
  footer,
  ...sendInputs,
});

export const sendCatalog = defineCommand<typeof inputs, SendEvent>({
  inputs,
  exits: sendExits,
  examples: [
    ['wa-hook send catalog "Everything in stock" --to +16505551234', "A button that opens the catalog"],
    ['wa-hook send catalog "Everything in stock" --thumbnail hinge-blue', "With the image of a product"],
  ],

  run: (inputs, world) => {
    const { thumbnail } = inputs;
    const parameters = thumbnail === undefined ? {} : { parameters: { thumbnail_product_retailer_id: thumbnail } };
    return send(inputs, world, interactive("catalog_message", inputs, { name: "catalog_message", ...parameters }));
  },

  print: printSend,
});
