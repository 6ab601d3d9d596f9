/** An edited message; sent to numbers that are also used in the WhatsApp Business app. */
import * as z from "zod";

import type { Kind } from "../kind.ts";
import { scalar } from "../parts.ts";
import { document } from "./document.ts";
import { image } from "./image.ts";
import { replyContext, defineInbound } from "./message.ts";
import { text } from "./text.ts";
import { video } from "./video.ts";

/** The kinds whose text can be edited. */
const EDITABLE = new Map<string, Kind>([text, image, video, document].map((kind) => [kind.name, kind]));

const original_message_id = "wamid.HBgLMTY1MDU1NTEyMzQVAgASGBQzQTAxMjM0NTY3ODlBQkNERUYwMQA=";

export const edit = defineInbound("edit", {
  shape: {
    edit: z.looseObject({
      original_message_id: scalar,
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
        message: { context: { id: replyContext.id }, type: "text", text: { body: "The left one" } },
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
    const reading = EDITABLE.get(message?.type ?? "")?.read(message);
    const edited = reading !== undefined && "summary" in reading ? reading.summary : message?.type;
    return [edited, `replaces ${original}`].filter(Boolean).join(" ");
  },
});
