/** A read receipt for a received message, optionally with a typing indicator, which Meta shows for up to 25 seconds. */
import * as z from "zod";

import { defineOutbound } from "./kind.ts";
import { nonEmpty, object, oneOf } from "./limits.ts";
import { receivedId } from "./parts.ts";

export const read = defineOutbound("read", {
  schema: object({
    messaging_product: z.literal("whatsapp"),
    status: z.literal("read"),
    message_id: nonEmpty,
    typing_indicator: object({ type: oneOf(["text"]) }).optional(),
    // Meta's own example has it.
    recipient_type: z.string().optional(),
  }),
  examples: {
    default: { messaging_product: "whatsapp", status: "read", message_id: receivedId },
    typing: {
      messaging_product: "whatsapp",
      status: "read",
      message_id: receivedId,
      typing_indicator: { type: "text" },
    },
  },
  summary: ({ message_id: target, typing_indicator }) =>
    typing_indicator === undefined ? target : `${target}, typing`,
});
