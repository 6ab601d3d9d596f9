/** A shared store as a listener uses it: what it reads at any moment is held in memory, and what it writes is on the server. */
import { setTimeout as sleep } from "node:timers/promises";

import { UnavailableError, UsageError } from "../../errors.ts";
import type { Forward, ForwardResult, PendingRange } from "../forward.ts";
import { added, limitsOf, NOTHING_PRUNED, type Keep, type Pruned, type StoreStats } from "../retention.ts";
import type { Delivery, Received, Recorded, Store } from "../store.ts";
import { Claim } from "./claim.ts";
import { RedisStore } from "./redis-store.ts";

/** How often it is counted what the store holds, and deleted what is beyond its limits. */
const STATS_MS = 2000;
const PRUNE_MS = 10_000;

/** Opens a shared store for a listener. Throws as `RedisStore.open` does. */
export async function openListenerStore(location: string, keep?: Keep): Promise<ListenerStore> {
  const store = await RedisStore.open(location);
  try {
    return new ListenerStore(store, await store.stats(), keep);
  } catch (error) {
    await store.close();
    throw error;
  }
}

class ListenerStore implements Store {
  readonly #store: RedisStore;
  readonly #claims = new Map<string, Claim>();
  readonly #closing = new AbortController();
  readonly #releasing: Promise<void>[] = [];
  #pruned: Pruned = NOTHING_PRUNED;
  #stats: StoreStats | Error;
  #notify: (notice: string) => void = () => {};

  constructor(store: RedisStore, stats: StoreStats, keep: Keep | undefined) {
    this.#store = store;
    this.#stats = stats;
    void this.#count();
    if (keep !== undefined) void this.#prune(keep);
  }

  /** The address without its password. */
  get shown(): string {
    return this.#store.shown;
  }

  get weak(): string | undefined {
    return this.#store.weak;
  }

  /** The forwards are not those of this process: whoever has the lease of the app finds them. */
  async record(delivery: Received, written?: (recorded: Recorded) => void): Promise<Recorded> {
    if (delivery.answered !== undefined) return this.#store.record(ofAll(delivery), written);
    return { ...(await this.#store.record(ofAll(delivery))), forwards: [] };
  }

  isDuplicate(delivery: Received): Promise<boolean> {
    return this.#store.isDuplicate(ofAll(delivery));
  }

  async settle(result: ForwardResult): Promise<void> {
    await this.#store.settle(result);
    for (const claim of this.#claims.values()) claim.settled(result);
  }

  pending({ to, after = "0", limit }: PendingRange): Forward[] {
    return this.#claims.get(to)?.pending(after, limit) ?? [];
  }

  /** A delivery that is to be forwarded. */
  get(id: string): Delivery | undefined {
    for (const claim of this.#claims.values()) {
      const found = claim.delivery(id);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  onPending(to: string, notify: (all: boolean) => void): void {
    const claim = this.#claims.get(to);
    if (claim !== undefined) claim.notify = notify;
  }

  mayForward(id: string): boolean {
    return [...this.#claims.values()].some((claim) => claim.mayForward(id));
  }

  /** Always succeeds: the listener that has the lease forwards, and the others take over when it has gone. */
  async reserve(to: string): Promise<Disposable> {
    const claim = await Claim.open(await this.#store.connection.another(), to);
    this.#claims.set(to, claim);
    return { [Symbol.dispose]: () => void this.#releasing.push(claim[Symbol.asyncDispose]()) };
  }

  forwardsOf(): Forward[] {
    throw elsewhere();
  }

  last(): Delivery | undefined {
    throw elsewhere();
  }

  deliveries(): IterableIterator<Delivery> {
    throw elsewhere();
  }

  /** As they were counted some seconds ago. Throws when the server could not be asked. */
  stats(): StoreStats {
    if (this.#stats instanceof Error) throw this.#stats;
    return { ...this.#stats, pruned: this.#pruned };
  }

  onNotice(notify: (notice: string) => void): void {
    this.#notify = notify;
    this.#store.connection.onNotice(notify);
  }

  async #count(): Promise<void> {
    await this.#every(STATS_MS, async () => {
      try {
        this.#stats = await this.#store.stats();
      } catch (error) {
        this.#stats =
          error instanceof Error ? error : new UnavailableError(String(error), { code: "store.unreachable" });
      }
    });
  }

  async #prune(keep: Keep): Promise<void> {
    await this.#every(PRUNE_MS, async () => {
      let lost = 0;
      for (;;) {
        const pruned = await this.#store.prune(limitsOf(keep, Date.now())).catch(() => NOTHING_PRUNED);
        if (pruned.deliveries === 0 || this.#closing.signal.aborted) break;
        this.#pruned = added(this.#pruned, pruned);
        lost += pruned.pending;
      }
      if (lost > 0) this.#notify(`${lost} deliveries were deleted (--keep, --keep-size) before the app accepted them`);
    });
  }

  async #every(ms: number, work: () => Promise<void>): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      await sleep(ms, undefined, { signal, ref: false }).catch(() => undefined);
      if (!signal.aborted) await work();
    }
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all(this.#releasing.splice(0));
    await this.#store.close();
  }
}

/** On whatever port: what one replica has received is a duplicate for all of them. */
function ofAll(delivery: Received): Received {
  return { ...delivery, scope: "" };
}

function elsewhere(): UsageError {
  return new UsageError("a listener does not hold the deliveries of a shared store", {
    code: "store.shared",
    hint: "run wa-hook events list --store with its address",
  });
}
