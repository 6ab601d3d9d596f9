/** The status of an order whose bill was sent earlier. The contents of the order depend on the country and are not validated. */
import * as z from "zod";

import { quote } from "../../parts.ts";
import { defineOutbound } from "../kind.ts";
import { nonEmpty, object, oneOf } from "../limits.ts";
import { anyHeader, body, footer, interactive } from "../parts.ts";

const order = z.looseObject({
  status: oneOf(["pending", "processing", "partially_shipped", "shipped", "completed", "canceled"]),
});

export const orderStatus = defineOutbound("order_status", {
  schema: interactive("order_status", {
    header: anyHeader.optional(),
    body: body(),
    footer: footer.optional(),
    action: object({
      name: z.literal("review_order"),
      parameters: z.looseObject({ reference_id: nonEmpty, order: order.optional() }),
    }),
  }),
  examples: {
    default: {
      interactive: {
        type: "order_status",
        body: { text: "Your machine is repaired and on its way." },
        action: {
          name: "review_order",
          parameters: { reference_id: "repair-4711", order: { status: "shipped", description: "By parcel service" } },
        },
      },
    },
  },
  summary: ({ interactive: { body: content, action } }) => {
    const { reference_id: reference, order: about } = action.parameters;
    return [quote(content.text), reference, about?.status].filter(Boolean).join(" ");
  },
});
