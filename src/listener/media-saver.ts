/** Downloads the media of received messages while `wa-hook listen` runs. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";

import { reasonOf, UsageError, WaHookError } from "../errors.ts";
import { Broadcast } from "../events.ts";
import type { Graph } from "../graph/client.ts";
import { compareHash, removeDrafts, saveMedia } from "../graph/media-download.ts";
import { fileNameOf, mediaInfo } from "../graph/media.ts";
import type { EventMedia } from "../webhook/event.ts";
import type { ListenerEvent } from "./event.ts";

/** The result of one download. */
export interface MediaSaved {
  type: "media";
  /** Milliseconds since 1970. */
  at: number;
  /** The id of the delivery with the message. */
  delivery: string;
  /** The media ID. */
  id: string;
  /** The path of the saved file, in the folder as typed. */
  file?: string;
  /** The size of the file. */
  bytes?: number;
  /** Why the download failed. */
  problem?: string;
}

/** Concurrent downloads. */
const LANES = 4;

export class MediaSaver implements AsyncDisposable {
  readonly #graph: Graph;
  readonly #folder: string;
  readonly #shown: string;
  readonly #lanes: Promise<void>[] = Array.from({ length: LANES }, () => Promise.resolve());
  #next = 0;

  /** Creates the folder (0700) if needed; `shown` is its path as typed. Throws a `UsageError` when that fails. */
  constructor(graph: Graph, folder: string, shown: string) {
    this.#graph = graph;
    this.#folder = folder;
    this.#shown = shown;
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
    } catch (cause) {
      throw new UsageError(`cannot create ${shown}: ${reasonOf(cause)}`, {
        code: "media.folder",
        hint: "use a folder inside a writable folder",
        cause,
      });
    }
    removeDrafts(folder, Date.now());
  }

  /** Passes the events through and adds one event per download. Ends when all downloads are done. */
  watch(events: AsyncIterable<ListenerEvent>): AsyncIterable<ListenerEvent | MediaSaved> {
    const output = new Broadcast<ListenerEvent | MediaSaved>();
    const merged = output.events();
    const pump = async (): Promise<void> => {
      for await (const event of events) {
        output.emit(event);
        if (event.type !== "delivery" || event.verdict !== "accepted") continue;
        for (const { media } of event.events) {
          if (media === undefined) continue;
          const lane = this.#next++ % LANES;
          const about = { type: "media", delivery: event.delivery, id: media.id } as const;
          this.#lanes[lane] = (this.#lanes[lane] as Promise<void>)
            .then(async () => {
              const outcome = await this.#save(media);
              output.emit({ ...about, at: Date.now(), ...outcome });
            })
            .catch((error: unknown) => output.fail(error));
        }
      }
      await Promise.all(this.#lanes);
    };
    pump().then(
      () => output.end(),
      (error: unknown) => output.fail(error),
    );
    return merged;
  }

  async #save(media: EventMedia): Promise<Pick<MediaSaved, "file" | "bytes" | "problem">> {
    try {
      const info = await mediaInfo(this.#graph, media.id);
      compareHash(info, media.sha256);
      const name = fileNameOf(media, media.filename);
      await saveMedia(this.#graph, info, join(this.#folder, name));
      return { file: join(this.#shown, name), bytes: info.bytes };
    } catch (error) {
      if (!(error instanceof WaHookError)) throw error;
      return { problem: [error.message, error.hint].filter(Boolean).join(": ") };
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#graph.close();
  }
}
