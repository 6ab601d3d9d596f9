/** The forwards to one app that this process may send: one listener at a time has the lease of an app, so that each customer's order holds. */
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";

import type { Forward, ForwardResult } from "../forward.ts";
import { isMalformed } from "../sqlite/rows.ts";
import type { Delivery } from "../store.ts";
import type { Connection } from "./connection.ts";
import { Entries } from "./entries.ts";
import { Forwards } from "./forwards.ts";
import { LEASE, RELEASE } from "./scripts.ts";

/** A listener that has died is replaced after this time, in milliseconds. */
const LEASE_MS = 5000;
const RENEW_MS = 1500;
/** The lease ends here before it ends on the server. */
const MARGIN_MS = 500;
/** How often the server is asked for new forwards, and for those that were queued again. */
const REFRESH_MS = 40;
const REREAD_MS = 1000;
/** What is held in memory. */
const HELD = { forwards: 2000, bytes: 32 * 1024 * 1024, atOnce: 64 };

export class Claim implements AsyncDisposable {
  readonly to: string;
  readonly #who = randomUUID();
  readonly #connection: Connection;
  readonly #entries: Entries;
  readonly #forwards: Forwards;
  readonly #closing = new AbortController();
  readonly #held = new Map<string, Forward>();
  readonly #deliveries = new Map<string, Delivery>();
  #bytes = 0;
  /** Until when the lease is ours, by the clock that nobody sets. */
  #until = 0;
  #renewAt = 0;
  #rereadAt = 0;
  #newest = "0";
  #running: Promise<void> | undefined;
  /** Called when there are more pending forwards; with `all` when they can be older than known ones. */
  notify: (all: boolean) => void = () => {};

  private constructor(connection: Connection, to: string) {
    this.#connection = connection;
    this.#entries = new Entries(connection);
    this.#forwards = new Forwards(connection);
    this.to = to;
  }

  /** The connection is its own, and is closed with it. */
  static async open(connection: Connection, to: string): Promise<Claim> {
    const claim = new Claim(connection, to);
    try {
      await claim.#refresh();
    } catch (error) {
      connection.close();
      throw error;
    }
    claim.#running = claim.#run();
    return claim;
  }

  /** Whether this process forwards to the app now. */
  get isOurs(): boolean {
    return performance.now() < this.#until;
  }

  /** Oldest first. */
  pending(after: string, limit: number): Forward[] {
    if (!this.isOurs) return [];
    const ids = [...this.#held.values()].filter(({ id }) => Number(id) > Number(after));
    return ids.toSorted((one, other) => Number(one.id) - Number(other.id)).slice(0, limit);
  }

  delivery(id: string): Delivery | undefined {
    return this.#deliveries.get(id);
  }

  mayForward(id: string): boolean {
    return this.isOurs && this.#held.has(id);
  }

  /** What became of a forward, as it is in the store now. */
  settled(result: ForwardResult): void {
    const forward = this.#held.get(result.id);
    if (forward === undefined) return;
    if (result.state === "pending") this.#held.set(result.id, { ...forward, ...result });
    else this.#drop(forward);
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      // While the server cannot be reached the lease ends by itself.
      await this.#refresh().catch(() => undefined);
      await sleep(REFRESH_MS, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  async #refresh(): Promise<void> {
    await this.#renew();
    if (!this.isOurs) return;
    const now = performance.now();
    const isWhole = now >= this.#rereadAt;
    if (isWhole) this.#rereadAt = now + REREAD_MS;
    const room = this.#bytes < HELD.bytes ? HELD.forwards - this.#held.size : 0;
    if (room <= 0 && !isWhole) return;
    const ids = isWhole
      ? await this.#forwards.pendingIds(this.to, "-inf", HELD.forwards)
      : await this.#forwards.pendingIds(this.to, this.#newest, room);
    if (isWhole) this.#forgetAllBut(new Set(ids));
    const fresh = ids.filter((id) => !this.#held.has(id)).slice(0, Math.max(0, room));
    for (let at = 0; at < fresh.length && this.#bytes < HELD.bytes; at += HELD.atOnce) {
      await this.#hold(fresh.slice(at, at + HELD.atOnce));
    }
    if (fresh.length > 0) this.notify(isWhole);
  }

  async #renew(): Promise<void> {
    const now = performance.now();
    if (now < this.#renewAt) return;
    const isOurs = (await this.#connection.script(LEASE, [this.to, this.#who, String(LEASE_MS)])) === 1;
    this.#renewAt = now + (isOurs ? RENEW_MS : REREAD_MS);
    // What another one has sent meanwhile is read again.
    if (!isOurs || !this.isOurs) this.#forgetAllBut(new Set());
    this.#until = isOurs ? now + LEASE_MS - MARGIN_MS : 0;
  }

  async #hold(ids: readonly string[]): Promise<void> {
    const forwards = await this.#forwards.read(ids);
    const rows = await Promise.all(forwards.map(({ delivery }) => this.#entries.one(delivery)));
    for (const [index, forward] of forwards.entries()) {
      const row = rows[index];
      if (Number(forward.id) > Number(this.#newest)) this.#newest = forward.id;
      if (row === undefined || isMalformed(row)) {
        await this.#forwards.settle({ id: forward.id, state: "failed", attempts: forward.attempts });
        continue;
      }
      if (forward.state !== "pending" || this.#held.has(forward.id)) continue;
      this.#held.set(forward.id, forward);
      this.#deliveries.set(forward.delivery, row);
      this.#bytes += row.body.length;
    }
  }

  #forgetAllBut(ids: ReadonlySet<string>): void {
    for (const forward of this.#held.values()) if (!ids.has(forward.id)) this.#drop(forward);
    if (ids.size === 0) this.#newest = "0";
  }

  #drop({ id, delivery }: Forward): void {
    this.#held.delete(id);
    this.#bytes -= this.#deliveries.get(delivery)?.body.length ?? 0;
    this.#deliveries.delete(delivery);
  }

  /** Lets another listener continue immediately. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#until = 0;
    this.#closing.abort();
    await this.#running;
    await this.#connection.script(RELEASE, [this.to, this.#who]).catch(() => undefined);
    this.#connection.close();
  }
}
