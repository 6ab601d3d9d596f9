/** `wa-hook media get`: downloads media to a file. */
import { dirname, resolve } from "node:path";

import * as z from "zod";

import { removeDrafts, saveMedia } from "../../graph/media-download.ts";
import { fileNameOf, mediaInfo, size, type MediaInfo } from "../../graph/media.ts";
import { defineCommand, input } from "../../terminal/command.ts";
import { graphInputs, needToken, openGraph } from "../inputs/graph.ts";
import { withProgress } from "../inputs/progress.ts";
import { resultLine } from "../views/findings.ts";

const inputs = z.object({
  id: input("<media id>", "The ID from a received message or an upload", z.string()),
  output: input(
    "-o, --output <file>",
    "The file to write (default: the ID and the extension of its type)",
    z.string().optional(),
  ),
  ...graphInputs,
});

type Event =
  | ({ type: "media" } & Omit<MediaInfo, "url">)
  /** Progress: `done` of `total` bytes received. */
  | { type: "downloading"; done: number; total?: number }
  /** The file is complete and its hash is right. */
  | { type: "saved"; file: string };

export const mediaGet = defineCommand<typeof inputs, Event>({
  inputs,
  exits: { 1: "The file is too large, or its SHA-256 is not the one that Meta states; nothing is written" },
  examples: [
    ["wa-hook media get 1003383421387256", "Download to 1003383421387256.jpg"],
    ["wa-hook media get 1003383421387256 -o hinge.jpg", "Download to a file that does not exist yet"],
  ],

  async *run(inputs, world) {
    needToken(inputs);
    await using graph = openGraph(inputs, world);
    const { url, ...info } = await mediaInfo(graph, inputs.id);
    yield { type: "media", ...info };
    const file = inputs.output ?? fileNameOf(info);
    removeDrafts(dirname(resolve(world.cwd, file)), Date.now());
    yield* withProgress<Event, void>((emit) =>
      saveMedia(graph, { url, ...info }, resolve(world.cwd, file), (done, total) =>
        emit({ type: "downloading", done, ...(total === undefined ? {} : { total }) }),
      ),
    );
    yield { type: "saved", file };
  },

  print(event, paint) {
    switch (event.type) {
      case "media":
        return { notice: `${event.mime}, ${size(event.bytes)}, SHA-256 ${event.sha256}` };
      case "downloading": {
        const total = event.total === undefined ? "" : ` of ${size(event.total)}`;
        return { progress: `Downloading: ${size(event.done)}${total}` };
      }
      case "saved":
        return [{ notice: resultLine("pass", { label: "Downloaded", result: "SHA-256 verified" }, paint) }, event.file];
    }
  },
});
