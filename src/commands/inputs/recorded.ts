/** Finds recorded deliveries by id, `@id`, `last` or `@last`, in a file or in a shared store. */
import { resolve } from "node:path";

import { UsageError } from "../../errors.ts";
import { withoutPassword } from "../../http/url.ts";
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

/** The file of a store, for what is not done with a shared one. Throws a `UsageError` for that. */
export function fileOf(location: string | undefined, world: World): string {
  if (location === undefined || !isRedisUrl(location)) return resolve(world.cwd, location ?? STORE_FILE);
  throw new UsageError(`this works with a file only, and the store is ${withoutPassword(location)}`, {
    code: "store.file-only",
    hint: "name a file with --store; wa-hook listen --keep 7d deletes from a shared store",
  });
}

/** The store reads events, which loads every kind; most runs of replay need none. */
async function openStoreAt(location: string | undefined, world: World): Promise<RecordedStore> {
  if (location !== undefined && isRedisUrl(location)) {
    const { RedisStore } = await import("../../store/redis/redis-store.ts");
    return RedisStore.open(location);
  }
  const { openExistingStore } = await import("../../store/sqlite/sqlite-store.ts");
  return openExistingStore(resolve(world.cwd, location ?? STORE_FILE));
}
