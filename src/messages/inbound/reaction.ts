/** A reaction to a message. Taking one back has no `emoji` key (since November 2025) or an empty one (before). */
import * as z from "zod";

import { word } from "../parts.ts";
import { answered, defineInbound } from "./message.ts";

const message_id = answered.id;

export const reaction = defineInbound("reaction", {
  shape: { reaction: z.looseObject({ message_id: word, emoji: z.string().nullish() }) },
  examples: {
    default: { reaction: { message_id, emoji: "👍" } },
    removed: { reaction: { message_id } },
    "removed-empty": { reaction: { message_id, emoji: "" } },
  },
  summary: ({ reaction: { emoji, message_id: target } }) =>
    emoji == null || emoji === "" ? `taken back, on ${target}` : `${emoji} on ${target}`,
});
