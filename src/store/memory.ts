/** An in-memory store for --no-record and for tests: the newest deliveries, their forwards, and the keys of seen events. */
import { Seen } from "./duplicates.ts";
import type { Forward, ForwardResult, PendingRange } from "./forward.ts";
import { gather } from "./gather.ts";
import { NOTHING_PRUNED, type ForwardStats, type StoreStats } from "./retention.ts";
import { Delivery, judge, REJECTED_KEPT, type Received, type Recorded, type Store } from "./store.ts";

/** Limits by number and bytes. */
const KEPT = {
  accepted: { deliveries: 20_000, bytes: 64 * 1024 * 1024 },
  rejected: REJECTED_KEPT,
};

/** Deliveries in memory, for tests: nothing is written to disk, and only the newest 20,000 accepted ones, at most 64 MB, are kept. */
export class MemoryStore implements Store {
  readonly #kept = new Map<string, Delivery>();
  /** By the id of their delivery. */
  readonly #forwards = new Map<string, Forward[]>();
  /** By the id of the forward. */
  readonly #deliveryOf = new Map<string, string>();
  readonly #seen = new Seen();
  readonly #held = { accepted: new Held(), rejected: new Held() };
  #count = 0;
  #forwardCount = 0;

  async record(received: Received, written?: (recorded: Recorded) => void): Promise<Recorded> {
    const verdict = judge(received, (key) => this.#seen.see(key, received.receivedAt));
    const id = String(++this.#count);
    const { receivedAt, headers, body, reason } = received;
    const delivery = new Delivery({
      id,
      receivedAt,
      headers,
      body,
      verdict,
      ...(reason === undefined ? {} : { reason }),
    });
    this.#kept.set(id, delivery);
    const targets = verdict === "accepted" ? (received.forwardTo ?? []) : [];
    const forwards = targets.map((to, index): Forward => {
      const result = index === 0 ? received.answered : undefined;
      return { id: String(++this.#forwardCount), delivery: id, to, ...(result ?? { state: "pending", attempts: 0 }) };
    });
    if (forwards.length > 0) this.#forwards.set(id, forwards);
    for (const forward of forwards) this.#deliveryOf.set(forward.id, id);
    this.#forget(delivery);
    const recorded = { id, verdict, forwards: forwards.map((forward) => forward.id) };
    written?.(recorded);
    // Responses that are written together cost less, also where nothing is written to a disk.
    await gather();
    return recorded;
  }

  isDuplicate(received: Received): boolean {
    return judge(received, (key) => !this.#seen.has(key, received.receivedAt)) === "duplicate";
  }

  #forget(added: Delivery): void {
    const kind = added.verdict === "rejected" ? "rejected" : "accepted";
    const held = this.#held[kind];
    held.add(added);
    while (held.deliveries > KEPT[kind].deliveries || (held.bytes > KEPT[kind].bytes && held.deliveries > 1)) {
      const oldest = held.dropOldest();
      this.#kept.delete(oldest);
      for (const { id } of this.#forwards.get(oldest) ?? []) this.#deliveryOf.delete(id);
      this.#forwards.delete(oldest);
    }
  }

  settle(result: ForwardResult): Promise<void> {
    const delivery = this.#deliveryOf.get(result.id) ?? "";
    const forwards = this.#forwards.get(delivery) ?? [];
    const at = forwards.findIndex(({ id }) => id === result.id);
    const before = forwards[at];
    if (before !== undefined) forwards[at] = { delivery, to: before.to, ...result };
    return Promise.resolve();
  }

  forwardsOf(delivery: string): Forward[] {
    return [...(this.#forwards.get(delivery) ?? [])];
  }

  pending({ to, after = "0", limit }: PendingRange): Forward[] {
    const all = [...this.#forwards.values()].flat();
    const isPending = (forward: Forward) =>
      forward.to === to && forward.state === "pending" && Number(forward.id) > Number(after);
    return all.filter(isPending).slice(0, limit);
  }

  get(id: string): Delivery | undefined {
    return this.#kept.get(id);
  }

  last(): Delivery | undefined {
    return this.#kept.get(String(this.#count));
  }

  *deliveries(newest = Infinity): IterableIterator<Delivery> {
    yield* [...this.#kept.values()].slice(-Math.min(newest, this.#kept.size || 1));
  }

  stats(): StoreStats {
    const { accepted, rejected } = this.#held;
    const { value: oldest } = this.#kept.values().next();
    const forwards = new Map<string, ForwardStats>();
    for (const { to, state, delivery } of [...this.#forwards.values()].flat()) {
      const stats = forwards.get(to) ?? { to, pending: 0, failed: 0 };
      forwards.set(to, stats);
      if (state === "failed") stats.failed++;
      if (state !== "pending") continue;
      stats.pending++;
      const receivedAt = this.#kept.get(delivery)?.receivedAt;
      if (receivedAt !== undefined) stats.oldestPending ??= receivedAt;
    }
    return {
      deliveries: this.#kept.size,
      bytes: accepted.bytes + rejected.bytes,
      ...(oldest === undefined ? {} : { oldest: oldest.receivedAt }),
      forwards: [...forwards.values()],
      pruned: NOTHING_PRUNED,
    };
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
