/** A message that was changed after it was sent; numbers that are in the WhatsApp Business app too get these. */
import * as z from "zod";

import type { Kind } from "../kind.ts";
import { word } from "../parts.ts";
import { document } from "./document.ts";
import { image } from "./image.ts";
import { answered, defineInbound } from "./message.ts";
import { text } from "./text.ts";
import { video } from "./video.ts";

/** What has words that can be changed. */
const KINDS = new Map<string, Kind>([text, image, video, document].map((kind) => [kind.name, kind]));

const original_message_id = "wamid.HBgLMTY1MDU1NTEyMzQVAgASGBQzQTAxMjM0NTY3ODlBQkNERUYwMQA=";

export const edit = defineInbound("edit", {
  shape: {
    edit: z.looseObject({
      original_message_id: word,
      message: z.looseObject({ type: z.string().nullish() }).nullish(),
    }),
  },
  examples: {
    default: {
      edit: { original_message_id, message: { type: "text", text: { body: "See you at five, not at four" } } },
    },
    reply: {
      edit: {
        original_message_id,
        message: { context: { id: answered.id }, type: "text", text: { body: "The left one" } },
      },
    },
    caption: {
      edit: {
        original_message_id,
        message: {
          type: "image",
          image: {
            caption: "This is the broken hinge, with its screws",
            mime_type: "image/jpeg",
            sha256: "SfInY0gGKTsJlUWbwxC1k+FAD0FZHvzwfpvO0zX/GUI=",
            id: "1003383421387256",
          },
        },
      },
    },
  },
  summary: ({ edit: { original_message_id: original, message } }) => {
    const reading = KINDS.get(message?.type ?? "")?.read(message);
    const now = reading !== undefined && "summary" in reading ? reading.summary : message?.type;
    return [now, `instead of ${original}`].filter(Boolean).join(" ");
  },
});
