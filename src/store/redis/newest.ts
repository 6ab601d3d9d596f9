/** The newest deliveries of a shared store, held in memory for the page: read once, then only what is new. */
import { Scan, type Browsed, type Scanned } from "../browsed.ts";
import type { Forward } from "../forward.ts";
import { isMalformed } from "../sqlite/rows.ts";
import type { Delivery } from "../store.ts";
import { numberOf } from "./entries.ts";
import { RedisStore } from "./redis-store.ts";
import { NEWS } from "./scripts.ts";

/** What is held; `events list` finds older ones, and each is found by its id. */
const HELD = { deliveries: 10_000, bytes: 32 * 1024 * 1024 };

/** What the page reads of a shared store. It has connections of its own, so that recording never waits for a page. */
export interface SharedBrowsed extends Browsed {
  close(): Promise<void>;
}

/** The connection is made when it is needed. */
export function browseShared(location: string): SharedBrowsed {
  const newest = new Newest(location);
  return Object.assign(new Scan(newest), { close: () => newest.close() });
}

class Newest implements Scanned {
  readonly #location: string;
  #opening: Promise<RedisStore> | undefined;
  /** Oldest first. */
  #held: Delivery[] = [];
  #count = 0;
  #last: Promise<unknown> = Promise.resolve();
  isPartial = false;

  constructor(location: string) {
    this.#location = location;
  }

  async get(id: string): Promise<Delivery | undefined> {
    return (await this.#store()).get(id);
  }

  async lastId(): Promise<string> {
    return String(await (await this.#store()).version);
  }

  async forwardsOf(delivery: string): Promise<Forward[]> {
    return (await this.#store()).forwardsOf(delivery);
  }

  /** With everything that was recorded before the call: one that is being read already may have begun earlier. */
  async newestFirst(): Promise<readonly Delivery[]> {
    const reading = this.#last.catch(() => undefined).then(() => this.#read());
    this.#last = reading;
    await reading;
    return this.#held.toReversed();
  }

  #store(): Promise<RedisStore> {
    const opening = (this.#opening ??= RedisStore.open(this.#location));
    opening.catch(() => {
      if (this.#opening === opening) this.#opening = undefined;
    });
    return opening;
  }

  async #read(): Promise<void> {
    const store = await this.#store();
    const [count, first, rejected] = (await store.connection.script(NEWS, [])) as [Buffer | null, Buffer, Buffer[]];
    const oldest = Number(numberOf(first));
    const kept = new Set(rejected.map((entry) => numberOf(entry)));
    const isThere = ({ id, verdict }: Delivery) => Number(id) >= oldest && (verdict !== "rejected" || kept.has(id));
    // A store that was emptied counts from the beginning.
    const held = Number(count) < this.#count ? [] : this.#held.filter(isThere);
    const isMore = Number(count) !== this.#count || held.length === 0;
    const all = isMore ? held.concat(await this.#after(store, held.at(-1)?.id)) : held;
    this.#count = Number(count);
    this.#hold(all);
    this.isPartial = Number(this.#held[0]?.id ?? oldest) > oldest;
  }

  /** Oldest first. */
  async #after(store: RedisStore, after: string | undefined): Promise<Delivery[]> {
    const found: Delivery[] = [];
    let bytes = 0;
    for await (const row of store.entries.backwards(after === undefined ? {} : { after })) {
      if (isMalformed(row)) continue;
      found.push(row);
      bytes += row.body.length;
      if (found.length === HELD.deliveries || bytes >= HELD.bytes) break;
    }
    return found.toReversed();
  }

  #hold(held: readonly Delivery[]): void {
    let bytes = held.reduce((sum, { body }) => sum + body.length, 0);
    let drop = 0;
    while (held.length - drop > HELD.deliveries || (bytes > HELD.bytes && held.length - drop > 1)) {
      bytes -= held[drop++]?.body.length ?? 0;
    }
    this.#held = held.slice(drop);
  }

  async close(): Promise<void> {
    await (await this.#opening?.catch(() => undefined))?.close();
  }
}
