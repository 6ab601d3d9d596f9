/** Fetches the files of received messages while `wa-hook listen` runs. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";

import { reasonOf, UsageError, WaHookError } from "../errors.ts";
import { Broadcast } from "../events.ts";
import type { Graph } from "../graph/client.ts";
import { compareHash, removeDrafts, saveMedia } from "../graph/media-download.ts";
import { fileNameOf, mediaInfo } from "../graph/media.ts";
import type { EventMedia } from "../webhook/event.ts";
import type { ListenerEvent } from "./event.ts";

/** What became of one file. */
export interface MediaSaved {
  type: "media";
  /** Milliseconds since 1970. */
  at: number;
  /** The delivery that it came with. */
  delivery: string;
  id: string;
  /** Where it is, in the folder as typed. */
  file?: string;
  bytes?: number;
  /** Why it is not there. */
  problem?: string;
}

/** So many files are fetched at once. */
const LANES = 4;

export class MediaSaver implements AsyncDisposable {
  readonly #graph: Graph;
  readonly #folder: string;
  readonly #shown: string;
  readonly #lanes: Promise<void>[] = Array.from({ length: LANES }, () => Promise.resolve());
  #next = 0;

  /** Makes the folder (0700) when it is not there; `shown` is how it was typed. */
  constructor(graph: Graph, folder: string, shown: string) {
    this.#graph = graph;
    this.#folder = folder;
    this.#shown = shown;
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
    } catch (cause) {
      throw new UsageError(`${shown} cannot be made: ${reasonOf(cause)}`, {
        code: "media.folder",
        hint: "name a folder in one that may be written to",
        cause,
      });
    }
    removeDrafts(folder, Date.now());
  }

  /** Passes the events through, and tells of each file when it is there. Ends when all are. */
  watch(events: AsyncIterable<ListenerEvent>): AsyncIterable<ListenerEvent | MediaSaved> {
    const told = new Broadcast<ListenerEvent | MediaSaved>();
    const saved = told.events();
    const pump = async (): Promise<void> => {
      for await (const event of events) {
        told.emit(event);
        if (event.type !== "delivery" || event.verdict !== "accepted") continue;
        for (const { media } of event.events) {
          if (media === undefined) continue;
          const lane = this.#next++ % LANES;
          const about = { type: "media", delivery: event.delivery, id: media.id } as const;
          this.#lanes[lane] = (this.#lanes[lane] as Promise<void>)
            .then(async () => {
              const outcome = await this.#save(media);
              told.emit({ ...about, at: Date.now(), ...outcome });
            })
            .catch((error: unknown) => told.fail(error));
        }
      }
      await Promise.all(this.#lanes);
    };
    pump().then(
      () => told.end(),
      (error: unknown) => told.fail(error),
    );
    return saved;
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
