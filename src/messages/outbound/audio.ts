/** An audio file of at most 16 MB, without caption; `voice` shows an Ogg file with Opus as a voice message. */
import * as z from "zod";

import { defineOutbound } from "./kind.ts";
import { describeMedia, media, noCaption, noFilename } from "./parts.ts";

export const audio = defineOutbound("audio", {
  schema: z.looseObject({ audio: media({ voice: z.boolean().optional(), caption: noCaption, filename: noFilename }) }),
  examples: {
    default: { audio: { id: "1908647269898587" } },
    link: { audio: { link: "https://example.com/sounds/opening-hours.mp3" } },
    voice: { audio: { id: "1908647269898588", voice: true } },
  },
  summary: ({ audio: sound }) => describeMedia(sound, sound.voice === true ? "voice message" : undefined),
});
