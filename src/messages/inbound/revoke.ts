/** A message that was deleted for everybody; numbers that are in the WhatsApp Business app too get these. */
import * as z from "zod";

import { word } from "../parts.ts";
import { defineInbound } from "./message.ts";

export const revoke = defineInbound("revoke", {
  shape: { revoke: z.looseObject({ original_message_id: word }) },
  examples: {
    default: {
      revoke: { original_message_id: "wamid.HBgLMTY1MDU1NTEyMzQVAgASGBQzQTAxMjM0NTY3ODlBQkNERUYwMQA=" },
    },
  },
  summary: (message) => `deleted ${message.revoke.original_message_id}`,
});
