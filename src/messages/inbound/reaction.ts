/** A reaction to a message. A removed reaction has no `emoji` (since November 2025) or an empty one (before). */
import * as z from "zod";

import { scalar } from "../parts.ts";
import { replyContext, defineInbound } from "./message.ts";

const message_id = replyContext.id;

export const reaction = defineInbound("reaction", {
  shape: { reaction: z.looseObject({ message_id: scalar, emoji: z.string().nullish() }) },
  examples: {
    default: { reaction: { message_id, emoji: "👍" } },
    removed: { reaction: { message_id } },
    "removed-empty": { reaction: { message_id, emoji: "" } },
  },
  summary: ({ reaction: { emoji, message_id: target } }) =>
    emoji == null || emoji === "" ? `removed from ${target}` : `${emoji} on ${target}`,
});
