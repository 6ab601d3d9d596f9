/** A file of the past: stands in the field `history`, and the file follows in a delivery of its own, or never. */
import { defineInbound } from "./message.ts";

export const mediaPlaceholder = defineInbound("media_placeholder", {
  shape: {},
  examples: { default: {} },
  summary: () => "a file that follows by itself",
});
