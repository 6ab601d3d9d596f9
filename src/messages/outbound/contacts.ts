/** Contact cards. Meta's pages allow 5 cards in one place and 257 in another. */
import * as z from "zod";

import { defineKind, show } from "../kind.ts";
import { filled, list, report } from "./limits.ts";

const word = filled.optional();

const name = z
  .strictObject({
    formatted_name: filled,
    first_name: word,
    last_name: word,
    middle_name: word,
    prefix: word,
    suffix: word,
  })
  .superRefine((parts, context) => {
    if (Object.values(parts).filter((part) => part !== undefined).length > 1) return;
    report(context, "needs another part besides formatted_name, such as first_name", { what: "missing" });
  });

const birthday = z.string().superRefine((value, context) => {
  const real = /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value));
  if (!real) report(context, `must be a date such as 1990-12-31, not ${show(value)}`);
});

const card = z.strictObject({
  name,
  phones: z.array(z.strictObject({ phone: filled, type: word, wa_id: word })).optional(),
  emails: z.array(z.strictObject({ email: filled, type: word })).optional(),
  addresses: z
    .array(
      z.strictObject({
        street: word,
        city: word,
        state: word,
        zip: word,
        country: word,
        country_code: word,
        type: word,
      }),
    )
    .optional(),
  org: z.strictObject({ company: word, department: word, title: word }).optional(),
  urls: z.array(z.strictObject({ url: filled, type: word })).optional(),
  birthday: birthday.optional(),
});

export const contacts = defineKind("contacts", {
  schema: z.looseObject({ contacts: list(card, { max: 257, noun: "contact" }) }),
  examples: {
    default: {
      contacts: [
        {
          name: { formatted_name: "Test Contact", first_name: "Test", last_name: "Contact" },
          phones: [{ phone: "+16505555678", type: "WORK", wa_id: "16505555678" }],
        },
      ],
    },
    full: {
      contacts: [
        {
          name: { formatted_name: "Test Contact", first_name: "Test", last_name: "Contact" },
          phones: [{ phone: "+1 650-555-5678", type: "CELL" }],
          emails: [{ email: "contact@example.com", type: "WORK" }],
          addresses: [{ street: "1 Test Street", city: "Testville", zip: "00000", country_code: "us", type: "WORK" }],
          org: { company: "Example Ltd", department: "Repairs", title: "Head of repairs" },
          urls: [{ url: "https://example.com", type: "WORK" }],
          birthday: "1990-12-31",
        },
      ],
    },
  },
  summary: (message) =>
    message.contacts
      .map((contact) => [contact.name.formatted_name, contact.phones?.[0]?.phone].filter(Boolean).join(" "))
      .join(", "),
});
