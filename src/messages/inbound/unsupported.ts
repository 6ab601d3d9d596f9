/** Something that WhatsApp has and the Cloud API does not hand on: a poll, a pinned message, a live location. */
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
    // Until 2025 it did not say what it was.
    older: { errors },
    // Meta's API reference has this word for the same.
    "type-unknown": { type: "unknown", errors },
  },
  summary: ({ unsupported: what }) => what?.type || "not handed on",
});
