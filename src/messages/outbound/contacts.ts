/** Contact cards. Meta's pages disagree on the limit: 5 or 257 cards. */
import * as z from "zod";

import { formatValue } from "../kind.ts";
import { defineOutbound } from "./kind.ts";
import { addProblem, id, list, nonEmpty, object } from "./limits.ts";

const anyText = z.string().optional();

const name = z
  .strictObject({
    formatted_name: nonEmpty,
    first_name: anyText,
    last_name: anyText,
    middle_name: anyText,
    prefix: anyText,
    suffix: anyText,
  })
  .superRefine((parts, context) => {
    if (Object.values(parts).filter((part) => part !== undefined).length > 1) return;
    addProblem(context, "must have another part in addition to formatted_name, such as first_name", {
      reason: "missing",
    });
  });

const birthday = z.string().superRefine((value, context) => {
  const valid = /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value));
  if (!valid && value !== "") addProblem(context, `must be a date such as 1990-12-31, not ${formatValue(value)}`);
});

const card = object({
  name,
  phones: z.array(object({ phone: anyText, type: anyText, wa_id: id().optional() })).optional(),
  emails: z.array(object({ email: anyText, type: anyText })).optional(),
  addresses: z
    .array(
      object({
        street: anyText,
        city: anyText,
        state: anyText,
        zip: anyText,
        country: anyText,
        country_code: anyText,
        type: anyText,
      }),
    )
    .optional(),
  org: object({ company: anyText, department: anyText, title: anyText }).optional(),
  urls: z.array(object({ url: anyText, type: anyText })).optional(),
  birthday: birthday.optional(),
});

export const contacts = defineOutbound("contacts", {
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
