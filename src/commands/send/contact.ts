/** `wa-hook send contact`: sends a contact card. */
import * as z from "zod";

import { defineCommand, input } from "../../terminal/command.ts";
import { send, sendExits, sendInputs } from "./send.ts";
import { printSend, type SendEvent } from "./view.ts";

const inputs = z.object({
  name: input("<name>", "The full name", z.string()),
  phone: input("--phone <number>", "A phone number (repeatable)", z.array(z.string()).default([])),
  email: input("--email <address>", "An email address (repeatable)", z.array(z.string()).default([])),
  company: input("--company <name>", "The employer", z.string().optional()),
  ...sendInputs,
});

export const sendContact = defineCommand<typeof inputs, SendEvent>({
  inputs,
  exits: sendExits,
  examples: [
    ['wa-hook send contact "Test Contact" --phone +16505555678 --to +16505551234', "A contact with a phone number"],
  ],

  run: (inputs, world) => {
    const { name, phone, email, company } = inputs;
    const [first = name] = name.split(" ");
    const contact = {
      // Meta requires a part of the name besides the full name.
      name: { formatted_name: name, first_name: first },
      ...(phone.length === 0 ? {} : { phones: phone.map((number) => ({ phone: number, type: "CELL" })) }),
      ...(email.length === 0 ? {} : { emails: email.map((address) => ({ email: address, type: "WORK" })) }),
      ...(company === undefined ? {} : { org: { company } }),
    };
    return send(inputs, world, { type: "contacts", contacts: [contact] });
  },

  print: printSend,
});
