/** `wa-hook media upload`: a file becomes a media id, good for 30 days. */
import { resolve } from "node:path";

import * as z from "zod";

import { mediaFile } from "../../graph/media.ts";
import { defineCommand, input } from "../../terminal/command.ts";
import { graphInputs, needPhoneNumberId, needToken, openGraph, phoneNumberId } from "../inputs/graph.ts";
import { upload } from "../inputs/media-source.ts";
import { printSend, type SendEvent } from "../send/view.ts";

const inputs = z.object({
  file: input("<file>", "a picture, video, sound, document or sticker", z.string()),
  phoneNumberId,
  ...graphInputs,
});

export const mediaUpload = defineCommand<typeof inputs, SendEvent>({
  inputs,
  examples: [["ID=$(wa-hook media upload photo.jpg)", "the id alone is on stdout; wa-hook send image $ID uses it"]],

  async *run(inputs, world) {
    needToken(inputs);
    const from = needPhoneNumberId(inputs.phoneNumberId);
    const file = await mediaFile(resolve(world.cwd, inputs.file));
    await using graph = openGraph(inputs, world);
    yield* upload(graph, from, file);
  },

  print: (event, paint, original) => {
    const lines = printSend(event, paint, original) ?? [];
    return event.type === "uploaded" ? [lines, event.id] : lines;
  },
});
