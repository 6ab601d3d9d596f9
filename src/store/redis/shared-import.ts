/** Imports deliveries into a shared store: what it contains already is read once, at the start. */
import { createHash } from "node:crypto";

import type { ImportStore } from "../import.ts";
import type { Received, Recorded } from "../store.ts";
import { RedisStore } from "./redis-store.ts";

type Recognized = Pick<Received, "receivedAt" | "body">;

export class SharedImport implements ImportStore {
  readonly #store: RedisStore;
  /** About 100 bytes for each delivery of the store. */
  readonly #known = new Set<string>();

  private constructor(store: RedisStore) {
    this.#store = store;
  }

  /** Throws as `RedisStore.open` does. */
  static async open(location: string): Promise<SharedImport> {
    const opened = new SharedImport(await RedisStore.open(location));
    try {
      for await (const delivery of opened.#store.deliveries()) opened.#known.add(digestOf(delivery));
    } catch (error) {
      await opened.close();
      throw error;
    }
    return opened;
  }

  has(delivery: Recognized): boolean {
    return this.#known.has(digestOf(delivery));
  }

  record(delivery: Received): Promise<Recorded> {
    this.#known.add(digestOf(delivery));
    return this.#store.import(delivery);
  }

  close(): Promise<void> {
    return this.#store.close();
  }
}

function digestOf({ receivedAt, body }: Recognized): string {
  return createHash("sha256").update(`${receivedAt} `).update(body).digest("base64url");
}
