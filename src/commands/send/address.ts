/** `wa-hook send address`: asks for a postal address with a form. */
import * as z from "zod";

import { defineCommand, input } from "../../terminal/command.ts";
import { body, headerInputs, interactive } from "./interactive.ts";
import { send, sendExits, sendInputs } from "./send.ts";
import { printSend, type SendEvent } from "./view.ts";

const inputs = z.object({
  body,
  country: input(
    "--country <code>",
    "The country, which decides on the fields (default: IN)",
    z.string().default("IN"),
  ),
  value: input(
    "--value <field=text>",
    "Fill in a field, such as name or in_pin_code (repeatable)",
    z.array(z.string().regex(/^\w+=/, "must be field=text, such as city=Testville")).default([]),
  ),
  ...headerInputs,
  ...sendInputs,
});

export const sendAddress = defineCommand<typeof inputs, SendEvent>({
  inputs,
  exits: sendExits,
  examples: [
    ['wa-hook send address "Where shall the parcel go?" --to +919876543210', "The reply has the fields of an address"],
    ["wa-hook send address Right? --value name=Sheena --value in_pin_code=400063", "Fill in fields"],
  ],

  run: (inputs, world) => {
    const values = Object.fromEntries(
      inputs.value.map((typed) => [typed.split("=", 1)[0], typed.replace(/^\w+=/, "")]),
    );
    const parameters = { country: inputs.country, ...(inputs.value.length === 0 ? {} : { values }) };
    return send(inputs, world, interactive("address_message", inputs, { name: "address_message", parameters }));
  },

  print: printSend,
});
