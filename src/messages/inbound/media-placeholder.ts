/** A placeholder for media in the field `history`; the file may follow in a separate delivery. */
import { defineInbound } from "./message.ts";

export const mediaPlaceholder = defineInbound("media_placeholder", {
  shape: {},
  examples: { default: {} },
  summary: () => "media that may follow in a separate delivery",
});
