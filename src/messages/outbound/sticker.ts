/** A WebP sticker of 512 × 512 pixels, without caption: at most 100 KB if static, 500 KB if animated. */
import * as z from "zod";

import { defineOutbound } from "./kind.ts";
import { describeMedia, media, noCaption, noFilename } from "./parts.ts";

export const sticker = defineOutbound("sticker", {
  schema: z.looseObject({ sticker: media({ caption: noCaption, filename: noFilename }) }),
  examples: {
    default: { sticker: { id: "798882015472548" } },
    link: { sticker: { link: "https://example.com/stickers/thanks.webp" } },
  },
  summary: (message) => describeMedia(message.sticker),
});
