/** Finds recorded deliveries by id, `@id`, `last` or `@last`, in a file or in a shared store. */
import { resolve } from "node:path";

import { UsageError } from "../../errors.ts";
import { STORE_FILE } from "../../store/folder.ts";
import type { RecordedStore } from "../../store/readable.ts";
import { isRedisUrl } from "../../store/redis/address.ts";
import type { Delivery } from "../../store/store.ts";
import type { World } from "../../terminal/world.ts";

/** Open it with `await using`. */
export interface Recorded extends RecordedStore, AsyncDisposable {
  /** Throws a `UsageError` when there is none, or when it is malformed. */
  find(typed: string): Promise<Delivery>;
}

export async function openRecorded(location: string | undefined, world: World): Promise<Recorded> {
  const store = await openStoreAt(location, world);
  return Object.assign(store, {
    [Symbol.asyncDispose]: () => store.close(),
    async find(typed: string): Promise<Delivery> {
      const id = typed.replace(/^@/, "");
      const delivery = await (id === "last" ? store.last() : store.get(id));
      if (delivery !== undefined) return delivery;
      throw new UsageError(id === "last" ? "no deliveries recorded yet" : `no recorded delivery ${id}`, {
        code: "store.no-delivery",
        hint: "run wa-hook events list for the recorded deliveries",
      });
    },
  });
}

/** Where a store is: a file, or the address of a shared one. */
export function placeOf(location: string | undefined, world: World): { file: string } | { shared: string } {
  if (location !== undefined && isRedisUrl(location)) return { shared: location };
  return { file: resolve(world.cwd, location ?? STORE_FILE) };
}

/** The store reads events, which loads every kind; most runs of replay need none. */
async function openStoreAt(location: string | undefined, world: World): Promise<RecordedStore> {
  const place = placeOf(location, world);
  if ("shared" in place) {
    const { RedisStore } = await import("../../store/redis/redis-store.ts");
    return RedisStore.open(place.shared);
  }
  const { openExistingStore } = await import("../../store/sqlite/sqlite-store.ts");
  return openExistingStore(place.file);
}
