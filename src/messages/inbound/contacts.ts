/** Contact cards; `origin` shows whether the business requested them. */
import * as z from "zod";

import { scalar } from "../parts.ts";
import { replyContext, defineInbound } from "./message.ts";

const card = {
  name: { formatted_name: "Test Contact", first_name: "Test", last_name: "Contact" },
  phones: [{ phone: "+1 650-555-5678", wa_id: "16505555678", type: "MOBILE" }],
};

export const contacts = defineInbound("contacts", {
  shape: {
    contacts: z.array(
      z.looseObject({
        // Missing in replies to a contact request.
        name: z.looseObject({ formatted_name: z.string() }).nullish(),
        phones: z.array(z.looseObject({ phone: scalar.nullish() })).nullish(),
      }),
    ),
    origin: z.string().nullish(),
  },
  examples: {
    default: {
      contacts: [
        { ...card, emails: [{ email: "contact@example.com", type: "WORK" }], org: { company: "Example Ltd" } },
      ],
    },
    several: { contacts: [card, { name: { formatted_name: "Sheena", first_name: "Sheena" } }] },
    full: {
      contacts: [
        {
          name: {
            formatted_name: "Dr. Test M. Contact Jr.",
            prefix: "Dr.",
            first_name: "Test",
            middle_name: "M.",
            last_name: "Contact",
            suffix: "Jr.",
          },
          phones: [
            { phone: "+1 650-555-5678", wa_id: "16505555678", user_id: "US.10020030040050060071", type: "MOBILE" },
            { phone: "+1 650-555-5679", type: "WORK" },
          ],
          emails: [{ email: "contact@example.com", type: "WORK" }],
          addresses: [
            {
              street: "4 Example Street",
              city: "Sampletown",
              state: "CA",
              zip: "94025",
              country: "United States",
              country_code: "us",
              type: "HOME",
            },
          ],
          org: { company: "Example Ltd", department: "Hinges", title: "Fitter" },
          urls: [{ url: "https://example.com", type: "WORK" }],
          birthday: "1990-02-28",
          vcard: "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Dr. Test M. Contact Jr.\r\nEND:VCARD\r\n",
        },
      ],
    },
    requested: {
      context: replyContext,
      origin: "contact_request",
      contacts: [{ phones: [{ phone: "+1 650-555-1234", wa_id: "16505551234" }] }],
    },
    shared: { origin: "other", contacts: [card] },
  },
  summary: ({ contacts: cards, origin }) =>
    [
      cards.map(({ name, phones }) => [name?.formatted_name, phones?.[0]?.phone].filter(Boolean).join(" ")).join(", "),
      origin === "contact_request" ? "(requested)" : undefined,
    ]
      .filter(Boolean)
      .join(" "),
});
