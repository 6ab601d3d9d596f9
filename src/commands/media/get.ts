/** `wa-hook media get`: a media object into a file. */
import { dirname, resolve } from "node:path";

import * as z from "zod";

import { removeDrafts, saveMedia } from "../../graph/media-download.ts";
import { fileNameOf, mediaInfo, size, type MediaInfo } from "../../graph/media.ts";
import { defineCommand, input } from "../../terminal/command.ts";
import { graphInputs, needToken, openGraph } from "../inputs/graph.ts";
import { telling } from "../inputs/progress.ts";

const inputs = z.object({
  id: input("<media id>", "from a received message, or of an upload", z.string()),
  output: input(
    "-o, --output <file>",
    "the file (default: the id, with the ending of its type)",
    z.string().optional(),
  ),
  ...graphInputs,
});

type Event =
  | ({ type: "media" } & Omit<MediaInfo, "url">)
  | { type: "fetching"; done: number; total?: number }
  | { type: "saved"; file: string };

export const mediaGet = defineCommand<typeof inputs, Event>({
  inputs,
  examples: [
    ["wa-hook media get 1003383421387256", "into 1003383421387256.jpg"],
    ["wa-hook media get 1003383421387256 -o hinge.jpg", "into another file, which must not exist yet"],
  ],

  async *run(inputs, world) {
    needToken(inputs);
    await using graph = openGraph(inputs, world);
    const { url, ...info } = await mediaInfo(graph, inputs.id);
    yield { type: "media", ...info };
    const file = inputs.output ?? fileNameOf(info);
    removeDrafts(dirname(resolve(world.cwd, file)), Date.now());
    yield* telling<Event, void>((tell) =>
      saveMedia(graph, { url, ...info }, resolve(world.cwd, file), (done, total) =>
        tell({ type: "fetching", done, ...(total === undefined ? {} : { total }) }),
      ),
    );
    yield { type: "saved", file };
  },

  print(event, paint) {
    switch (event.type) {
      case "media":
        return { notice: `${event.mime}, ${size(event.bytes)}, SHA-256 ${event.sha256}` };
      case "fetching": {
        const total = event.total === undefined ? "" : ` of ${size(event.total)}`;
        return { progress: `fetching: ${size(event.done)}${total}` };
      }
      case "saved":
        return [{ notice: `${paint.good("✓")} saved, and its SHA-256 is right` }, event.file];
    }
  },
});
