/** An audio file of at most 16 MB, without caption; `voice` shows an Ogg file with Opus as a voice message. */
import * as z from "zod";

import { defineKind } from "../kind.ts";
import { describeMedia, media } from "./parts.ts";

export const audio = defineKind("audio", {
  schema: z.looseObject({ audio: media({ voice: z.boolean().optional() }) }),
  examples: {
    default: { audio: { id: "1908647269898587" } },
    link: { audio: { link: "https://example.com/sounds/opening-hours.mp3" } },
    voice: { audio: { id: "1908647269898588", voice: true } },
  },
  summary: ({ audio: sound }) => describeMedia(sound, sound.voice === true ? "voice message" : undefined),
});
