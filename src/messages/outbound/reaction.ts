/** A reaction to a message of the last 30 days; an empty `emoji` removes it. */
import * as z from "zod";

import { formatValue } from "../kind.ts";
import { defineOutbound } from "./kind.ts";
import { nonEmpty, addProblem, object } from "./limits.ts";
import { receivedId } from "./parts.ts";

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

const emoji = z.string().superRefine((value, context) => {
  if (value === "") return;
  const one = [...graphemes.segment(value)].length === 1;
  // Pictographs, flags, and keycaps such as 1️⃣.
  if (one && /\p{Extended_Pictographic}|\p{Regional_Indicator}|\u20E3/u.test(value)) return;
  addProblem(context, `must be one emoji, or empty to remove the reaction, not ${formatValue(value)}`);
});

export const reaction = defineOutbound("reaction", {
  schema: z.looseObject({ reaction: object({ message_id: nonEmpty, emoji }) }),
  examples: {
    default: { reaction: { message_id: receivedId, emoji: "👍" } },
    removed: { reaction: { message_id: receivedId, emoji: "" } },
  },
  summary: ({ reaction: { message_id: target, emoji: symbol } }) =>
    symbol === "" ? `removed from ${target}` : `${symbol} on ${target}`,
});
