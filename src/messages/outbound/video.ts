/** An MP4 or 3GP video with H.264 and AAC, of at most 16 MB. */
import * as z from "zod";

import { defineOutbound } from "./kind.ts";
import { caption, describeMedia, media, noFilename } from "./parts.ts";

export const video = defineOutbound("video", {
  schema: z.looseObject({ video: media({ caption, filename: noFilename }) }),
  examples: {
    default: { video: { id: "1166846181421424", caption: "How the hinge goes back on" } },
    link: { video: { link: "https://example.com/videos/hinge.mp4" } },
  },
  summary: (message) => describeMedia(message.video),
});
