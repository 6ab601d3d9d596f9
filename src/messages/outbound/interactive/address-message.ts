/** A request for a postal address, as a form. */
import * as z from "zod";

import { formatValue } from "../../kind.ts";
import { quote } from "../../parts.ts";
import { defineOutbound } from "../kind.ts";
import { addProblem, id, object } from "../limits.ts";
import { anyHeader, body, footer, interactive } from "../parts.ts";

const country = z.string().superRefine((value, context) => {
  if (!/^[A-Z]{2}$/i.test(value)) addProblem(context, `must be a country code such as IN, not ${formatValue(value)}`);
});

/** The fields depend on the country: `in_pin_code` in India. */
const fields = z.record(z.string(), z.unknown());

export const addressMessage = defineOutbound("address_message", {
  schema: interactive("address_message", {
    header: anyHeader.optional(),
    body: body(),
    footer: footer.optional(),
    action: object({
      name: z.literal("address_message"),
      parameters: object({
        country,
        values: fields.optional(),
        saved_addresses: z.array(object({ id: id(), value: fields })).optional(),
        validation_errors: fields.optional(),
      }),
    }),
  }),
  examples: {
    default: {
      interactive: {
        type: "address_message",
        body: { text: "Where shall the parcel go?" },
        action: { name: "address_message", parameters: { country: "IN" } },
      },
    },
    again: {
      interactive: {
        type: "address_message",
        body: { text: "We do not know this pin code. Could you look at it once more?" },
        action: {
          name: "address_message",
          parameters: {
            country: "IN",
            values: { name: "Test Contact", in_pin_code: "000000", city: "Testville" },
            saved_addresses: [{ id: "address-1", value: { name: "Test Contact", in_pin_code: "400063" } }],
            validation_errors: { in_pin_code: "There is no such pin code." },
          },
        },
      },
    },
  },
  summary: ({ interactive: { body: content, action } }) => `${quote(content.text)} ${action.parameters.country}`,
});
