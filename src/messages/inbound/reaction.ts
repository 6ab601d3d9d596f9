/** A reaction to a message. Taking one back has no `emoji` key (since November 2025) or an empty one (before). */
import * as z from "zod";

import { defineKind } from "../kind.ts";

const message_id = "wamid.HBgLMTY1MDU1NTEyMzQVAgARGBI5QTNDQTVCM0Q0Q0Q2RTY3RTcA";

export const reaction = defineKind("reaction", {
  schema: z.looseObject({ reaction: z.looseObject({ message_id: z.string(), emoji: z.string().optional() }) }),
  examples: {
    default: { reaction: { message_id, emoji: "👍" } },
    removed: { reaction: { message_id } },
    "removed-empty": { reaction: { message_id, emoji: "" } },
  },
  summary: ({ reaction: { emoji, message_id: target } }) =>
    emoji === undefined || emoji === "" ? `taken back, on ${target}` : `${emoji} on ${target}`,
});
