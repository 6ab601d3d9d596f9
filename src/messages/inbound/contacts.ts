/** Contact cards. */
import * as z from "zod";

import { defineKind } from "../kind.ts";

export const contacts = defineKind("contacts", {
  schema: z.looseObject({
    contacts: z.array(
      z.looseObject({
        name: z.looseObject({ formatted_name: z.string() }),
        phones: z.array(z.looseObject({ phone: z.string().optional() })).optional(),
      }),
    ),
  }),
  examples: {
    default: {
      contacts: [
        {
          name: { formatted_name: "Test Contact", first_name: "Test", last_name: "Contact" },
          phones: [{ phone: "+1 650-555-5678", wa_id: "16505555678", type: "MOBILE" }],
          emails: [{ email: "contact@example.com", type: "WORK" }],
          org: { company: "Example Ltd" },
        },
      ],
    },
  },
  summary: (message) =>
    message.contacts
      .map(({ name, phones }) => [name.formatted_name, phones?.[0]?.phone].filter(Boolean).join(" "))
      .join(", "),
});
