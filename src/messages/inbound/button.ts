/** A tap on a template's quick-reply button. */
import * as z from "zod";

import { defineKind } from "../kind.ts";
import { quote } from "../parts.ts";

export const button = defineKind("button", {
  schema: z.looseObject({ button: z.looseObject({ text: z.string(), payload: z.string().optional() }) }),
  examples: {
    default: {
      context: { from: "15550783881", id: "wamid.HBgLMTY1MDU1NTEyMzQVAgARGBI5QTNDQTVCM0Q0Q0Q2RTY3RTcA" },
      button: { payload: "STOP_PROMOTIONS", text: "Stop promotions" },
    },
  },
  summary: ({ button: { text, payload } }) => [quote(text), payload].filter(Boolean).join(" "),
});
