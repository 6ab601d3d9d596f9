/** A sticker, still or animated. */
import * as z from "zod";

import { defineKind } from "../kind.ts";
import { describeMedia, media } from "../parts.ts";

const webp = {
  mime_type: "image/webp",
  sha256: "u9Hk2pZs6LxQ0tV/4mYbE1rJ8cN5wGfA7dTqXoSiK3M=",
  id: "798882015472548",
};

export const sticker = defineKind("sticker", {
  schema: z.looseObject({ sticker: media({ animated: z.boolean().optional() }) }),
  examples: {
    default: { sticker: { ...webp, animated: false } },
    animated: { sticker: { ...webp, animated: true } },
  },
  summary: ({ sticker: picture }) => describeMedia(picture, picture.animated === true ? "animated" : undefined),
});
