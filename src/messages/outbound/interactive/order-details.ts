/** A bill that can be paid in WhatsApp (India, Brazil, Singapore). Payment settings and order contents depend on the country and are not validated. */
import * as z from "zod";

import { quote } from "../../parts.ts";
import { defineOutbound } from "../kind.ts";
import { nonEmpty, object, oneOf } from "../limits.ts";
import { anyHeader, body, footer, interactive } from "../parts.ts";

/** 4500 with offset 100 is 45.00. */
const amount = object({ value: z.int(), offset: z.int() });

const parameters = z.looseObject({
  reference_id: nonEmpty,
  type: oneOf(["digital-goods", "physical-goods"]),
  currency: nonEmpty,
  total_amount: amount,
});

export const orderDetails = defineOutbound("order_details", {
  schema: interactive("order_details", {
    header: anyHeader.optional(),
    body: body(),
    footer: footer.optional(),
    action: object({ name: z.literal("review_and_pay"), parameters }),
  }),
  examples: {
    default: {
      interactive: {
        type: "order_details",
        body: { text: "Here is the bill for your repair." },
        action: {
          name: "review_and_pay",
          parameters: {
            reference_id: "repair-4711",
            type: "digital-goods",
            payment_type: "br",
            payment_settings: [{ type: "payment_link", payment_link: { uri: "https://example.com/pay/4711" } }],
            currency: "BRL",
            total_amount: { value: 4500, offset: 100 },
            order: {
              status: "pending",
              tax: { value: 0, offset: 100, description: "no tax" },
              items: [{ retailer_id: "repair", name: "Repair", amount: { value: 4500, offset: 100 }, quantity: 1 }],
              subtotal: { value: 4500, offset: 100 },
            },
          },
        },
      },
    },
  },
  summary: ({ interactive: { body: content, action } }) => {
    const { reference_id: reference, currency, total_amount: total } = action.parameters;
    return `${quote(content.text)} ${reference} ${total.value / total.offset} ${currency}`;
  },
});
