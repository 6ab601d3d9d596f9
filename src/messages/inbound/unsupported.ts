/** Content that the Cloud API does not deliver: a poll, a pinned message, a live location. */
import * as z from "zod";

import { defineInbound } from "./message.ts";

const errors = [
  {
    code: 131051,
    title: "Message type unknown",
    message: "Message type unknown",
    error_data: { details: "Message type is currently not supported." },
  },
];

export const unsupported = defineInbound("unsupported", {
  shape: { unsupported: z.looseObject({ type: z.string().nullish() }).nullish() },
  examples: {
    default: { errors, unsupported: { type: "poll" } },
    // Until 2025, deliveries did not name the type.
    older: { errors },
    // Meta's API reference uses the type `unknown` for the same.
    "type-unknown": { type: "unknown", errors },
  },
  summary: ({ unsupported: what }) => what?.type || "not delivered by the Cloud API",
});
