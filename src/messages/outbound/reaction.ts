/** A reaction to a message of the last 30 days; an empty `emoji` takes it back. */
import * as z from "zod";

import { defineKind, show } from "../kind.ts";
import { filled, report } from "./limits.ts";
import { received } from "./parts.ts";

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

const emoji = z.string().superRefine((value, context) => {
  if (value === "") return;
  const one = [...graphemes.segment(value)].length === 1;
  // Pictures, flags, and keycaps such as 1️⃣.
  if (one && /\p{Extended_Pictographic}|\p{Regional_Indicator}|\u20E3/u.test(value)) return;
  report(context, `must be one emoji, or empty to take the reaction back, not ${show(value)}`);
});

export const reaction = defineKind("reaction", {
  schema: z.looseObject({ reaction: z.strictObject({ message_id: filled, emoji }) }),
  examples: {
    default: { reaction: { message_id: received, emoji: "👍" } },
    removed: { reaction: { message_id: received, emoji: "" } },
  },
  summary: ({ reaction: { message_id: target, emoji: sign } }) =>
    sign === "" ? `taken back, on ${target}` : `${sign} on ${target}`,
});
