/** A sticker, static or animated. */
import * as z from "zod";

import { describeMedia, media } from "../parts.ts";
import { defineInbound, exampleUrl } from "./message.ts";

const webp = {
  mime_type: "image/webp",
  sha256: "u9Hk2pZs6LxQ0tV/4mYbE1rJ8cN5wGfA7dTqXoSiK3M=",
  id: "798882015472548",
};

export const sticker = defineInbound("sticker", {
  shape: { sticker: media({ animated: z.boolean().nullish() }) },
  examples: {
    default: { sticker: { ...webp, animated: false } },
    animated: { sticker: { ...webp, animated: true } },
    "with-url": { sticker: { ...webp, animated: false, url: exampleUrl(webp.id) } },
  },
  summary: ({ sticker: picture }) => describeMedia(picture, picture.animated === true ? "animated" : undefined),
});
