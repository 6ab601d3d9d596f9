/** Where `wa-hook listen` records deliveries: in a file, in a shared store, or only in memory. */
import { dirname, resolve } from "node:path";

import { parseDuration } from "../../duration.ts";
import { parseSize } from "../../size.ts";
import { makeFolder, STORE_FILE } from "../../store/folder.ts";
import { MemoryStore } from "../../store/memory.ts";
import { isRedisUrl } from "../../store/redis/address.ts";
import type { SharedBrowsed } from "../../store/redis/newest.ts";
import type { Keep } from "../../store/retention.ts";
import { openStore } from "../../store/sqlite/sqlite-store.ts";
import type { Store } from "../../store/store.ts";
import { DEFAULT_KEEP, DEFAULT_KEEP_SIZE } from "../../terminal/settings.ts";
import type { World } from "../../terminal/world.ts";
import type { ListenInputs } from "./inputs.ts";

interface Recording {
  store: Store;
  /** What the banner says; missing when nothing is recorded. */
  shown?: { store: string; keep: Required<Keep> };
  /** The folder of the file. */
  folder?: string;
  /** What the page reads of a shared store. */
  browsed?: SharedBrowsed;
  /** What a crash of the server can lose although it was acknowledged. */
  weak?: string;
}

export async function openRecording(inputs: ListenInputs, world: World): Promise<Recording> {
  const keep = keepOf(inputs);
  if (!inputs.record) return { store: new MemoryStore() };
  if (inputs.store !== undefined && isRedisUrl(inputs.store)) {
    const { openListenerStore } = await import("../../store/redis/listener-store.ts");
    const { browseShared } = await import("../../store/redis/newest.ts");
    const store = await openListenerStore(inputs.store, keep);
    const { shown, weak } = store;
    const browsed = browseShared(inputs.store);
    return { store, browsed, shown: { store: shown, keep }, ...(weak === undefined ? {} : { weak }) };
  }
  if (inputs.store === undefined) makeFolder(world.cwd);
  const file = inputs.store ?? STORE_FILE;
  const path = resolve(world.cwd, file);
  return { store: await openStore(path, { keep }), shown: { store: file, keep }, folder: dirname(path) };
}

function keepOf({ keep, keepSize }: ListenInputs): Required<Keep> {
  const fallback = { ms: parseDuration(DEFAULT_KEEP), bytes: parseSize(DEFAULT_KEEP_SIZE) } as Required<Keep>;
  return { ms: keep?.value ?? fallback.ms, bytes: keepSize?.value ?? fallback.bytes };
}
