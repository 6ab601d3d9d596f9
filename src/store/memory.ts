/** A store that keeps nothing on disk, for --no-record and for tests: the newest deliveries, and which events were seen. */
import { judge, SEEN_FOR_MS, type Delivery, type Received, type Recorded, type Store } from "./store.ts";

const DELIVERIES_KEPT = 1000;
const KEYS_KEPT = 100_000;

export class MemoryStore implements Store {
  readonly #kept = new Map<string, Delivery>();
  readonly #seen = new Map<string, number>();
  #count = 0;

  record(received: Received): Promise<Recorded> {
    const verdict = judge(received, (key) => {
      const before = this.#seen.get(key);
      if (before !== undefined && received.receivedAt - before <= SEEN_FOR_MS) return false;
      this.#seen.set(key, received.receivedAt);
      return true;
    });
    const id = String(++this.#count);
    this.#kept.set(id, { ...received, id, verdict });
    dropOldest(this.#kept, DELIVERIES_KEPT);
    dropOldest(this.#seen, KEYS_KEPT);
    return Promise.resolve({ id, verdict });
  }

  get(id: string): Delivery | undefined {
    return this.#kept.get(id);
  }

  last(): Delivery | undefined {
    return this.#kept.get(String(this.#count));
  }

  *deliveries(newest = Infinity): IterableIterator<Delivery> {
    yield* [...this.#kept.values()].slice(-Math.min(newest, DELIVERIES_KEPT));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

function dropOldest(map: Map<string, unknown>, most: number): void {
  for (const key of map.keys()) {
    if (map.size <= most) return;
    map.delete(key);
  }
}
