/** `wa-hook send image|video|audio|document|sticker`: a file, an address or a media id. */
import * as z from "zod";

import type { MediaKind } from "../../messages/media-types.ts";
import { defineCommand, input, yes, type Command } from "../../terminal/command.ts";
import { sourceOf } from "../inputs/media-source.ts";
import { send, sendInputs } from "./send.ts";
import { printSend, type SendEvent } from "./view.ts";

const media = input("<file|url|id>", "a file, an https:// address or a media id", z.string());
const caption = input("--caption <text>", "up to 1024 characters", z.string().optional());

const inputs = {
  image: z.object({ media, caption, ...sendInputs }),
  video: z.object({ media, caption, ...sendInputs }),
  audio: z.object({
    media,
    voice: input("--voice", "as a voice message (Ogg with Opus)", yes),
    ...sendInputs,
  }),
  document: z.object({
    media,
    caption,
    filename: input("--filename <name>", "how it is called for the recipient", z.string().optional()),
    ...sendInputs,
  }),
  sticker: z.object({ media, ...sendInputs }),
};

const EXAMPLES: Record<MediaKind, string> = {
  image: "photo.jpg --caption Receipt",
  video: "clip.mp4",
  audio: "note.ogg --voice",
  document: "invoice.pdf --filename Invoice.pdf",
  sticker: "smile.webp",
};

/** The command of one kind of media. */
function sendMedia<Kind extends MediaKind>(kind: Kind): Command<(typeof inputs)[Kind], SendEvent> {
  return defineCommand<(typeof inputs)[Kind], SendEvent>({
    inputs: inputs[kind],
    examples: [
      [`wa-hook send ${kind} ${EXAMPLES[kind]} --to +16505551234`, "the file is uploaded first"],
      [`wa-hook send ${kind} https://example.com/file --to +16505551234`, "Meta fetches it from there"],
    ],

    run: (given, world) =>
      send(given, world, async function* (sending) {
        // The inputs that only some kinds have.
        const more = given as { caption?: string; voice?: boolean; filename?: string };
        const source = yield* sourceOf(given.media, kind, { sending, cwd: world.cwd, dryRun: given.dryRun });
        const filename = more.filename ?? source.name;
        return {
          type: kind,
          [kind]: {
            ...source.object,
            ...(more.caption === undefined ? {} : { caption: more.caption }),
            ...(more.voice === true ? { voice: true } : {}),
            ...(kind === "document" && filename !== undefined ? { filename } : {}),
          },
        };
      }),

    print: printSend,
  });
}

export const sendImage = sendMedia("image");
export const sendVideo = sendMedia("video");
export const sendAudio = sendMedia("audio");
export const sendDocument = sendMedia("document");
export const sendSticker = sendMedia("sticker");
