/** `wa-hook send image|video|audio|document|sticker`: sends a file, a URL or a media ID. */
import * as z from "zod";

import type { MediaKind } from "../../messages/media-types.ts";
import { defineCommand, input, yes, type Command } from "../../terminal/command.ts";
import { mediaSource } from "../inputs/media-source.ts";
import { send, sendExits, sendInputs } from "./send.ts";
import { printSend, type SendEvent } from "./view.ts";

const media = input("<file|url|id>", "A file, an https:// URL or a media ID", z.string());
const caption = input("--caption <text>", "A caption, up to 1024 characters", z.string().optional());

const inputs = {
  image: z.object({ media, caption, ...sendInputs }),
  video: z.object({ media, caption, ...sendInputs }),
  audio: z.object({
    media,
    voice: input("--voice", "Send as a voice message (Ogg with Opus)", yes),
    ...sendInputs,
  }),
  document: z.object({
    media,
    caption,
    filename: input("--filename <name>", "The file name that the recipient sees", z.string().optional()),
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

/** Creates the command for one kind of media. */
function sendMedia<Kind extends MediaKind>(kind: Kind): Command<(typeof inputs)[Kind], SendEvent> {
  return defineCommand<(typeof inputs)[Kind], SendEvent>({
    inputs: inputs[kind],
    exits: sendExits,
    examples: [
      [`wa-hook send ${kind} ${EXAMPLES[kind]} --to +16505551234`, "Upload the file and send it"],
      [`wa-hook send ${kind} https://example.com/file --to +16505551234`, "Meta downloads the file from the URL"],
    ],

    run: (given, world) =>
      send(given, world, async function* (sender) {
        // Inputs of some kinds only.
        const more = given as { caption?: string; voice?: boolean; filename?: string };
        const source = yield* mediaSource(given.media, kind, { sender, cwd: world.cwd, dryRun: given.dryRun });
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
