/** Not a message: it marks a received one as read, and can show for 25 seconds that an answer is being typed. */
import * as z from "zod";

import { defineKind } from "../kind.ts";
import { filled } from "./limits.ts";
import { received } from "./parts.ts";

export const read = defineKind("read", {
  schema: z.strictObject({
    messaging_product: z.literal("whatsapp"),
    status: z.literal("read"),
    message_id: filled,
    typing_indicator: z.strictObject({ type: z.literal("text") }).optional(),
  }),
  examples: {
    default: { messaging_product: "whatsapp", status: "read", message_id: received },
    typing: {
      messaging_product: "whatsapp",
      status: "read",
      message_id: received,
      typing_indicator: { type: "text" },
    },
  },
  summary: ({ message_id: target, typing_indicator }) =>
    typing_indicator === undefined ? target : `${target}, typing`,
});
