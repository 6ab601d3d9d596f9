/** A video. */
import * as z from "zod";

import { defineKind } from "../kind.ts";
import { describeMedia, media } from "../parts.ts";

export const video = defineKind("video", {
  schema: z.looseObject({ video: media({}) }),
  examples: {
    default: {
      video: {
        caption: "It rattles when I turn it on",
        mime_type: "video/mp4",
        sha256: "7bQzYk0f4b3v0W1u8Xh2mQmJ/2sVt1o5yq9Zr3EoPjc=",
        id: "1166846181421424",
      },
    },
  },
  summary: (message) => describeMedia(message.video),
});
