/** A text message. */
import * as z from "zod";

import { defineKind } from "../kind.ts";
import { quote } from "../parts.ts";

export const text = defineKind("text", {
  schema: z.looseObject({ text: z.looseObject({ body: z.string() }) }),
  examples: {
    default: { text: { body: "Is the blue one still in stock?" } },
    emoji: { text: { body: "Grüße aus Köln 👋🏽 das wären 50 % / Stück, oder? Mail: shop@example.com" } },
    reply: {
      context: { from: "15550783881", id: "wamid.HBgLMTY1MDU1NTEyMzQVAgARGBI5QTNDQTVCM0Q0Q0Q2RTY3RTcA" },
      text: { body: "Yes, that one" },
    },
  },
  summary: (message) => quote(message.text.body),
});
