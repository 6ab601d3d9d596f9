/** Finds recorded deliveries by id, `@id`, `last` or `@last`. */
import { resolve } from "node:path";

import { UsageError } from "../../errors.ts";
import { STORE_FILE } from "../../store/folder.ts";
import type { ReadableStore } from "../../store/sqlite/sqlite-store.ts";
import type { Delivery } from "../../store/store.ts";
import type { World } from "../../terminal/world.ts";

/** Open it with `await using`. */
export interface Recorded extends ReadableStore, AsyncDisposable {
  /** Throws a `UsageError` when there is none, or when it is malformed. */
  find(typed: string): Delivery;
}

export async function openRecorded(file: string | undefined, world: World): Promise<Recorded> {
  // The store reads events, which loads every kind; most runs of replay need none.
  const { openExistingStore } = await import("../../store/sqlite/sqlite-store.ts");
  const store = await openExistingStore(resolve(world.cwd, file ?? STORE_FILE));
  return Object.assign(store, {
    [Symbol.asyncDispose]: () => store.close(),
    find(typed: string): Delivery {
      const id = typed.replace(/^@/, "");
      const delivery = id === "last" ? store.last() : store.get(id);
      if (delivery !== undefined) return delivery;
      throw new UsageError(id === "last" ? "no deliveries recorded yet" : `no recorded delivery ${id}`, {
        code: "store.no-delivery",
        hint: "run wa-hook events list for the recorded deliveries",
      });
    },
  });
}
