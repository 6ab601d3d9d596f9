/** A tap on a quick-reply button of a template. */
import * as z from "zod";

import { quote } from "../parts.ts";
import { replyContext, defineInbound } from "./message.ts";

export const button = defineInbound("button", {
  shape: { button: z.looseObject({ text: z.string(), payload: z.string().nullish() }) },
  examples: {
    default: { context: replyContext, button: { payload: "STOP_PROMOTIONS", text: "Stop promotions" } },
    "no-context": { button: { payload: "CALL_ME_BACK", text: "Call me back" } },
  },
  summary: ({ button: { text, payload } }) => [quote(text), payload].filter(Boolean).join(" "),
  implies: "reply",
});
