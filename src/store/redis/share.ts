/** Takes deliveries out of a shared store, as one consumer of a group. Everything comes at least once. */
import { setTimeout as sleep } from "node:timers/promises";

import { reasonOf } from "../../errors.ts";
import { Seen } from "../duplicates.ts";
import type { Forward, ForwardResult, PendingRange } from "../forward.ts";
import { isMalformed } from "../sqlite/rows.ts";
import type { Delivery, ForwardStore } from "../store.ts";
import { addressOf } from "./address.ts";
import { Connection, type Reply } from "./connection.ts";
import { ConsumerName } from "./consumer-name.ts";
import { entriesIn, isImported, numberOf, START } from "./entries.ts";

export interface ShareOptions {
  group: string;
  /** Whose machine it is: `ana@laptop`. */
  consumer: string;
  /** The endpoint of the app. */
  to: string;
  /** Which deliveries the app gets; the others count as done. */
  wanted(delivery: Delivery): boolean;
  /** Called with each delivery that is to be forwarded, before it is. */
  accept(delivery: Delivery): void;
  notice(text: string): void;
}

/** How long the server delays an empty response; also how often the work of others is checked. */
const BLOCK_MS = 1000;
const AT_ONCE = 50;
/** What is held in memory. */
const HELD = { deliveries: 500, bytes: 32 * 1024 * 1024 };
/** What a consumer holds is its own as long as it says so this often; after the longer time, others take it. */
const ALIVE_MS = 4000;
const IDLE_MS = 15_000;
const RETRY_MS = 500;
/** After this, a read whose connection has broken gets nothing more, also where the server has not noticed. */
const SETTLED_MS = BLOCK_MS + RETRY_MS;

/**
 * A group gets every delivery, and each of its consumers a share. Goes on where it was, and takes over what a consumer that has died left.
 */
export class Share implements ForwardStore, AsyncDisposable {
  readonly shown: string;
  readonly #options: ShareOptions;
  readonly #connection: Connection;
  /** For what blocks. */
  readonly #reading: Connection;
  #name: ConsumerName;
  readonly #log: string;
  readonly #held = new Map<string, { forward: Forward; delivery: Delivery }>();
  /** The keys of what the app has accepted. */
  readonly #seen = new Seen();
  readonly #closing = new AbortController();
  #bytes = 0;
  #newest = START;
  #aliveAt = 0;
  #running: Promise<void> | undefined;
  #notified = false;
  #notify: (all: boolean) => void = () => {};

  private constructor(connection: Connection, reading: Connection, name: ConsumerName, options: ShareOptions) {
    this.#connection = connection;
    this.#reading = reading;
    this.#name = name;
    this.#options = options;
    this.#log = connection.key("log");
    this.shown = connection.shown;
  }

  /** A new group begins with the next delivery. Throws as `RedisStore.open` does. */
  static async open(location: string, options: ShareOptions): Promise<Share> {
    const connection = await Connection.open(addressOf(location));
    let reading: Connection | undefined;
    try {
      reading = await connection.another();
      const share = new Share(connection, reading, await ConsumerName.claim(connection, options), options);
      await share.#makeGroup("$");
      return share;
    } catch (error) {
      connection.close();
      reading?.close();
      throw error;
    }
  }

  /** The name of this consumer in its group. */
  get consumer(): string {
    return this.#name.name;
  }

  /** Begins to take deliveries. */
  start(): void {
    this.#running ??= this.#run();
  }

  pending({ after = "0", limit }: PendingRange): Forward[] {
    const found = [...this.#held.values()].map(({ forward }) => forward).filter(({ id }) => Number(id) > Number(after));
    return found.toSorted((one, other) => Number(one.id) - Number(other.id)).slice(0, limit);
  }

  get(id: string): Delivery | undefined {
    return this.#held.get(id)?.delivery;
  }

  onPending(_to: string, notify: (all: boolean) => void): void {
    this.#notify = notify;
  }

  /** Not what another consumer has taken over meanwhile. */
  mayForward(id: string): boolean {
    return this.#held.has(id);
  }

  async settle(result: ForwardResult): Promise<void> {
    const held = this.#held.get(result.id);
    if (held === undefined) return;
    if (result.state === "pending") {
      held.forward = { ...held.forward, ...result };
      return;
    }
    await this.#done(result.id);
    if (result.state !== "delivered") return;
    for (const { key } of held.delivery.events) if (key !== undefined) this.#seen.see(key, Date.now());
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing;
    let isResumed = false;
    while (!signal.aborted) {
      try {
        if (!isResumed) await this.#resume();
        isResumed = true;
        await this.#keepAlive();
        await this.#takeNew();
        this.#notified = false;
      } catch (error) {
        if (signal.aborted) return;
        if (/NOGROUP/.test(reasonOf(error))) await this.#makeGroup(`${this.#newest}-0`).catch(() => undefined);
        else if (!this.#notified) this.#options.notice(`cannot read deliveries: ${reasonOf(error)}`);
        this.#notified = true;
        // A response that was lost has made its deliveries ours; newer ones of the same customers must not overtake them.
        isResumed = false;
        await sleep(SETTLED_MS, undefined, { signal, ref: false }).catch(() => undefined);
      }
    }
  }

  /** What this consumer had when it ended. */
  async #resume(): Promise<void> {
    let after = START;
    for (;;) {
      const entries = await this.#read(`${after}-0`, 0);
      const last = entries.at(-1);
      if (last === undefined) return;
      await this.#take(entries);
      after = numberOf((last as Reply[])[0]);
    }
  }

  async #takeNew(): Promise<void> {
    if (this.#held.size >= HELD.deliveries || this.#bytes >= HELD.bytes) {
      await sleep(RETRY_MS / 10, undefined, { signal: this.#closing.signal, ref: false }).catch(() => undefined);
      return;
    }
    await this.#take(await this.#read(">", BLOCK_MS));
  }

  async #read(from: string, blockMs: number): Promise<Reply[]> {
    const block = blockMs > 0 ? ["BLOCK", String(blockMs)] : [];
    const { group } = this.#options;
    const reply = await this.#reading.command(
      ["XREADGROUP", "GROUP", group, this.consumer, "COUNT", String(AT_ONCE), ...block, "STREAMS", this.#log, from],
      blockMs,
    );
    const [stream] = (reply ?? []) as Reply[];
    const [, entries] = (stream ?? []) as Reply[];
    return (entries ?? []) as Reply[];
  }

  /** Says that what is held is still being worked on, and takes over what others have left. */
  async #keepAlive(): Promise<void> {
    const now = performance.now();
    if (now < this.#aliveAt) return;
    this.#aliveAt = now + ALIVE_MS;
    await this.#stayAlone();
    const { group } = this.#options;
    const command = ["XPENDING", this.#log, group, "-", "+", String(2 * HELD.deliveries), this.consumer];
    const ours = ((await this.#connection.command(command)) as Reply[]).map((row) => numberOf((row as Reply[])[0]));
    const known = new Set(ours);
    for (const id of this.#held.keys()) if (!known.has(id)) this.#drop(id);
    const held = ours.filter((id) => this.#held.has(id)).map((id) => `${id}-0`);
    if (held.length > 0) {
      await this.#connection.command(["XCLAIM", this.#log, group, this.consumer, "0", ...held, "JUSTID"]);
    }
    const claim = ["XAUTOCLAIM", this.#log, group, this.consumer, String(IDLE_MS), "0-0", "COUNT", String(AT_ONCE)];
    const [, left] = (await this.#connection.command(claim)) as Reply[];
    await this.#take((left ?? []) as Reply[]);
  }

  /** After a long pause another process may have the name, and with it what was held. */
  async #stayAlone(): Promise<void> {
    if (await this.#name.renew()) return;
    for (const id of this.#held.keys()) this.#drop(id);
    this.#name = await ConsumerName.claim(this.#connection, this.#options);
  }

  async #take(entries: readonly Reply[]): Promise<void> {
    const present = new Map(entriesIn(entries as Reply[]).map((row) => [row.id, row]));
    let count = 0;
    for (const entry of entries) {
      // An entry that was deleted meanwhile has no fields, in 6.2 not even an id.
      const id = Array.isArray(entry) ? numberOf(entry[0]) : "";
      if (id === "" || this.#held.has(id)) continue;
      if (Number(id) > Number(this.#newest)) this.#newest = id;
      const row = present.get(id);
      if (row === undefined || isMalformed(row) || !this.#isWanted(row)) await this.#done(id);
      else {
        this.#hold(row);
        count++;
      }
    }
    if (count > 0) this.#notify(true);
  }

  #isWanted(delivery: Delivery): boolean {
    if (delivery.verdict !== "accepted" || isImported(delivery) || !this.#options.wanted(delivery)) return false;
    const keys = delivery.events.map(({ key }) => key);
    const isKnown = (key: string | undefined) => key !== undefined && this.#seen.has(key, Date.now());
    return keys.length === 0 || !keys.every(isKnown);
  }

  #hold(delivery: Delivery): void {
    const { id } = delivery;
    this.#held.set(id, {
      forward: { id, delivery: id, to: this.#options.to, state: "pending", attempts: 0 },
      delivery,
    });
    this.#bytes += delivery.body.length;
    this.#options.accept(delivery);
  }

  async #done(id: string): Promise<void> {
    await this.#connection.command(["XACK", this.#log, this.#options.group, `${id}-0`]);
    this.#drop(id);
  }

  #drop(id: string): void {
    this.#bytes -= this.#held.get(id)?.delivery.body.length ?? 0;
    this.#held.delete(id);
  }

  async #makeGroup(from: string): Promise<void> {
    try {
      await this.#connection.command(["XGROUP", "CREATE", this.#log, this.#options.group, from, "MKSTREAM"]);
    } catch (error) {
      if (!/BUSYGROUP/.test(reasonOf(error))) throw error;
    }
  }

  /** Takes no more; what is held can still be settled. */
  stop(): void {
    this.#closing.abort();
  }

  /** Unfinished deliveries are continued by the next one with the same name, or by others of the group. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    this.#reading.close();
    await this.#running;
    await this.#name.release();
    this.#connection.close();
  }
}
