/** A text message, optionally with a preview of its first URL. */
import * as z from "zod";

import { defineKind } from "../kind.ts";
import { quote } from "../parts.ts";
import { text as textOf } from "./limits.ts";

export const text = defineKind("text", {
  schema: z.looseObject({
    text: z.strictObject({ body: textOf(4096), preview_url: z.boolean().optional() }),
  }),
  examples: {
    default: { text: { body: "Your parcel is at the shop; you can collect it until Saturday." } },
    preview: { text: { body: "Here is the way to us: https://example.com/directions", preview_url: true } },
  },
  summary: (message) => quote(message.text.body),
});
