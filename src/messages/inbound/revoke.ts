/** A message deleted for everyone; sent to numbers that are also used in the WhatsApp Business app. */
import * as z from "zod";

import { scalar } from "../parts.ts";
import { defineInbound } from "./message.ts";

export const revoke = defineInbound("revoke", {
  shape: { revoke: z.looseObject({ original_message_id: scalar }) },
  examples: {
    default: {
      revoke: { original_message_id: "wamid.HBgLMTY1MDU1NTEyMzQVAgASGBQzQTAxMjM0NTY3ODlBQkNERUYwMQA=" },
    },
  },
  summary: (message) => `deleted ${message.revoke.original_message_id}`,
});
