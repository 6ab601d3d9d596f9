/** An audio file, or a voice message recorded in WhatsApp (`voice: true`; there is no inbound type `voice`). */
import * as z from "zod";

import { describeMedia, media } from "../parts.ts";
import { defineInbound, exampleUrl } from "./message.ts";

const recording = {
  mime_type: "audio/ogg; codecs=opus",
  sha256: "Xb1vJpUe5Jq5dLcRr0Qz/9wYk3m7sTf2hN8aG6uVt4I=",
  id: "1908647269898588",
  voice: true,
};

export const audio = defineInbound("audio", {
  shape: { audio: media({ voice: z.boolean().nullish() }) },
  examples: {
    default: {
      audio: {
        mime_type: "audio/mpeg",
        sha256: "q8n5u7Yw3sT1mD2x9b/4kE6hR0vPzJc8LgWfVaXoQ2E=",
        id: "1908647269898587",
        voice: false,
      },
    },
    voice: { audio: recording },
    "with-url": { audio: { ...recording, url: exampleUrl(recording.id) } },
  },
  summary: ({ audio: sound }) => describeMedia(sound, sound.voice === true ? "voice message" : undefined),
});
