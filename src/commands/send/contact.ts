/** `wa-hook send contact`: a contact card. */
import * as z from "zod";

import { defineCommand, input } from "../../terminal/command.ts";
import { send, sendInputs } from "./send.ts";
import { printSend, type SendEvent } from "./view.ts";

const inputs = z.object({
  name: input("<name>", "the whole name", z.string()),
  phone: input("--phone <number>", "a phone number (repeatable)", z.array(z.string()).default([])),
  email: input("--email <address>", "an e-mail address (repeatable)", z.array(z.string()).default([])),
  company: input("--company <name>", "where the person works", z.string().optional()),
  ...sendInputs,
});

export const sendContact = defineCommand<typeof inputs, SendEvent>({
  inputs,
  examples: [['wa-hook send contact "Test Contact" --phone +16505555678 --to +16505551234', "a card with a number"]],

  run: (inputs, world) => {
    const { name, phone, email, company } = inputs;
    const [first = name] = name.split(" ");
    const card = {
      // Meta wants one part of the name beside the whole.
      name: { formatted_name: name, first_name: first },
      ...(phone.length === 0 ? {} : { phones: phone.map((number) => ({ phone: number, type: "CELL" })) }),
      ...(email.length === 0 ? {} : { emails: email.map((address) => ({ email: address, type: "WORK" })) }),
      ...(company === undefined ? {} : { org: { company } }),
    };
    return send(inputs, world, { type: "contacts", contacts: [card] });
  },

  print: printSend,
});
