/** `wa-hook media upload`: uploads a file, and prints the media ID, which is valid for 30 days. */
import { resolve } from "node:path";

import * as z from "zod";

import { mediaFile } from "../../graph/media.ts";
import { defineCommand, input } from "../../terminal/command.ts";
import { graphInputs, needPhoneNumberId, needToken, openGraph, phoneNumberId } from "../inputs/graph.ts";
import { upload, type UploadProgress } from "../inputs/media-source.ts";
import { printUpload } from "../views/upload.ts";

const inputs = z.object({
  file: input("<file>", "An image, video, audio file, document or sticker", z.string()),
  phoneNumberId,
  ...graphInputs,
});

export const mediaUpload = defineCommand<typeof inputs, UploadProgress>({
  inputs,
  examples: [["ID=$(wa-hook media upload photo.jpg)", "Only the ID is on stdout; wa-hook send image $ID uses it"]],

  async *run(inputs, world) {
    needToken(inputs);
    const sender = needPhoneNumberId(inputs.phoneNumberId);
    const file = await mediaFile(resolve(world.cwd, inputs.file));
    await using graph = openGraph(inputs, world);
    yield* upload({ graph, phoneNumberId: sender }, file);
  },

  print: (event, paint) =>
    event.type === "uploaded" ? [printUpload(event, paint), event.id] : printUpload(event, paint),
});
