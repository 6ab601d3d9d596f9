/** A text message, optionally with a preview of its first URL. */
import * as z from "zod";

import { quote } from "../parts.ts";
import { defineOutbound } from "./kind.ts";
import { text as textOf, object } from "./limits.ts";

export const text = defineOutbound("text", {
  schema: z.looseObject({
    text: object({ body: textOf(4096), preview_url: z.boolean().optional() }),
  }),
  examples: {
    default: { text: { body: "Your parcel is at the shop; you can collect it until Saturday." } },
    preview: { text: { body: "Here is the way to us: https://example.com/directions", preview_url: true } },
  },
  summary: (message) => quote(message.text.body),
});
