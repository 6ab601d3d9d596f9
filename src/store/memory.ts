/** A store that keeps nothing on disk, for --no-record and for tests: the newest deliveries, and which events were seen. */
import { Seen } from "./seen.ts";
import { judge, type Delivery, type Received, type Recorded, type Store } from "./store.ts";

const DELIVERIES_KEPT = 1000;

export class MemoryStore implements Store {
  readonly #kept = new Map<string, Delivery>();
  readonly #seen = new Seen();
  #count = 0;

  record(received: Received): Promise<Recorded> {
    const verdict = judge(received, (key) => this.#seen.see(key, received.receivedAt));
    const id = String(++this.#count);
    this.#kept.set(id, { ...received, id, verdict });
    if (this.#kept.size > DELIVERIES_KEPT) this.#kept.delete(this.#kept.keys().next().value ?? "");
    return Promise.resolve({ id, verdict });
  }

  get(id: string): Delivery | undefined {
    return this.#kept.get(id);
  }

  last(): Delivery | undefined {
    return this.#kept.get(String(this.#count));
  }

  after(id = "0"): Delivery[] {
    return [...this.#kept.values()].filter((delivery) => Number(delivery.id) > Number(id));
  }

  *deliveries(newest = Infinity): IterableIterator<Delivery> {
    yield* [...this.#kept.values()].slice(-Math.min(newest, DELIVERIES_KEPT));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
