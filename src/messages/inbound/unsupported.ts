/** Something that WhatsApp has and the Cloud API does not hand on: a poll, a pinned message, a live location. */
import * as z from "zod";

import { defineKind } from "../kind.ts";
import { describeError, error } from "../parts.ts";

export const unsupported = defineKind("unsupported", {
  schema: z.looseObject({
    errors: z.array(error).optional(),
    unsupported: z.looseObject({ type: z.string().optional() }).optional(),
  }),
  examples: {
    default: {
      errors: [
        {
          code: 131051,
          title: "Message type unknown",
          message: "Message type unknown",
          error_data: { details: "Message type is currently not supported." },
        },
      ],
      unsupported: { type: "poll" },
    },
  },
  summary: ({ unsupported: what, errors }) =>
    [what?.type, ...(errors ?? []).map(describeError)].filter(Boolean).join(" · "),
});
