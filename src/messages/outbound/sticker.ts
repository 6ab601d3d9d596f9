/** A sticker: WebP of 512 × 512 pixels, at most 100 KB when still and 500 KB when animated. It has no caption. */
import * as z from "zod";

import { defineKind } from "../kind.ts";
import { describeMedia, media } from "./parts.ts";

export const sticker = defineKind("sticker", {
  schema: z.looseObject({ sticker: media({}) }),
  examples: {
    default: { sticker: { id: "798882015472548" } },
    link: { sticker: { link: "https://example.com/stickers/thanks.webp" } },
  },
  summary: (message) => describeMedia(message.sticker),
});
