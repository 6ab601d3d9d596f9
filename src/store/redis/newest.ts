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
  /** Newest first. */
  #held: readonly Delivery[] = [];
  #count = 0;
  /** What the server said when it was read. */
  #state = "";
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
    return reading;
  }

  #store(): Promise<RedisStore> {
    const opening = (this.#opening ??= RedisStore.open(this.#location));
    opening.catch(() => {
      if (this.#opening === opening) this.#opening = undefined;
    });
    return opening;
  }

  async #read(): Promise<readonly Delivery[]> {
    const store = await this.#store();
    const news = (await store.connection.script(NEWS, [])) as [Buffer | null, Buffer, Buffer[]];
    const [count, oldest] = [Number(news[0]), Number(numberOf(news[1]))];
    const state = news.flat().map(String).join(" ");
    if (state === this.#state) return this.#held;
    const rejected = new Set(news[2].map(numberOf));
    const isThere = ({ id, verdict }: Delivery) => Number(id) >= oldest && (verdict !== "rejected" || rejected.has(id));
    // A store that was emptied counts from the beginning.
    const held = count < this.#count ? [] : this.#held.filter(isThere);
    this.#held = kept([...(await this.#after(store, held[0]?.id)), ...held]);
    [this.#count, this.#state] = [count, state];
    this.isPartial = Number(this.#held.at(-1)?.id ?? oldest) > oldest;
    return this.#held;
  }

  /** Newest first. */
  async #after(store: RedisStore, after: string | undefined): Promise<Delivery[]> {
    const found: Delivery[] = [];
    let bytes = 0;
    for await (const row of store.entries.backwards(after === undefined ? {} : { after })) {
      if (isMalformed(row)) continue;
      found.push(row);
      bytes += row.body.length;
      if (found.length === HELD.deliveries || bytes >= HELD.bytes) break;
    }
    return found;
  }

  async close(): Promise<void> {
    await (await this.#opening?.catch(() => undefined))?.close();
  }
}

/** Those of them that are held. */
function kept(all: readonly Delivery[]): readonly Delivery[] {
  let bytes = 0;
  const end = all.findIndex(({ body }, index) => {
    bytes += body.length;
    return index >= HELD.deliveries || (bytes > HELD.bytes && index > 0);
  });
  return end === -1 ? all : all.slice(0, end);
}
