/** A request for permission to call the customer. */
import * as z from "zod";

import { quote } from "../../parts.ts";
import { defineOutbound } from "../kind.ts";
import { object } from "../limits.ts";
import { body, interactive } from "../parts.ts";

export const callPermissionRequest = defineOutbound("call_permission_request", {
  schema: interactive("call_permission_request", {
    body: body().optional(),
    action: object({ name: z.literal("call_permission_request") }),
  }),
  examples: {
    default: {
      interactive: {
        type: "call_permission_request",
        body: { text: "May we call you about the repair?" },
        action: { name: "call_permission_request" },
      },
    },
  },
  summary: ({ interactive: { body: content } }) => (content === undefined ? "" : quote(content.text)),
});
