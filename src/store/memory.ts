/** An in-memory store for --no-record and for tests: the newest deliveries and the keys of seen events. */
import { Seen } from "./seen.ts";
import { judge, REJECTED_KEPT, type Delivery, type Received, type Recorded, type Store } from "./store.ts";

/** Limits by number and bytes. */
const KEPT = {
  accepted: { deliveries: 1000, bytes: 64 * 1024 * 1024 },
  rejected: REJECTED_KEPT,
};

export class MemoryStore implements Store {
  readonly #kept = new Map<string, Delivery>();
  readonly #seen = new Seen();
  readonly #held = { accepted: new Held(), rejected: new Held() };
  #count = 0;

  record(received: Received): Promise<Recorded> {
    const verdict = judge(received, (key) => this.#seen.see(key, received.receivedAt));
    const id = String(++this.#count);
    const { scope: _, ...kept } = received;
    const delivery = { ...kept, id, verdict };
    this.#kept.set(id, delivery);
    const kind = verdict === "rejected" ? "rejected" : "accepted";
    const held = this.#held[kind];
    held.add(delivery);
    while (held.deliveries > KEPT[kind].deliveries || (held.bytes > KEPT[kind].bytes && held.deliveries > 1)) {
      this.#kept.delete(held.dropOldest());
    }
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
    yield* [...this.#kept.values()].slice(-Math.min(newest, this.#kept.size || 1));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** The ids of kept deliveries, oldest first, and their total size. */
class Held {
  readonly #sizes = new Map<string, number>();
  bytes = 0;

  get deliveries(): number {
    return this.#sizes.size;
  }

  add({ id, body }: Delivery): void {
    this.#sizes.set(id, body.length);
    this.bytes += body.length;
  }

  dropOldest(): string {
    const [id, bytes] = this.#sizes.entries().next().value ?? ["", 0];
    this.#sizes.delete(id);
    this.bytes -= bytes;
    return id;
  }
}
