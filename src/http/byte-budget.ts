/** Limits the total memory of request bodies. When it runs out, the body with the highest cost is evicted. */

import { Turns } from "./turns.ts";

/** The number of large bodies that are received concurrently; others wait. */
const LARGE_AT_ONCE = 8;

/** A number of bytes shared by several bodies. */
export class ByteBudget {
  readonly limit: number;
  /** The turns of large bodies. */
  readonly turns = new Turns(LARGE_AT_ONCE);
  #used = 0;
  readonly #shares = new Set<Share>();

  constructor(limit: number) {
    this.limit = limit;
  }

  /** The reserved bytes. */
  get used(): number {
    return this.#used;
  }

  /** Opens an empty share. `evicted` is called once if its bytes are released for another share. */
  open(evicted: () => void): Share {
    const share: Share = new Share(evicted, {
      reserve: (total) => this.#reserve(share, total),
      release: () => this.#release(share),
    });
    this.#shares.add(share);
    return share;
  }

  #reserve(share: Share, total: number): boolean {
    if (!this.#shares.has(share) || total > this.limit) return false;
    while (this.#used - share.held + total > this.limit) {
      const costliest = this.#costliest(share, total);
      if (costliest === share) return false;
      this.#release(costliest);
      costliest.evicted();
    }
    this.#used += total - share.held;
    share.held = total;
    return true;
  }

  /**
   * The cost of a share is bytes times age, so slow and large bodies are evicted first, and a small body that arrives at once never is.
   */
  #costliest(growing: Share, total: number): Share {
    const now = performance.now();
    let costliest = growing;
    let cost = total * (now - growing.since);
    for (const share of this.#shares) {
      const shareCost = share.held * (now - share.since);
      if (shareCost > cost) [costliest, cost] = [share, shareCost];
    }
    return costliest;
  }

  #release(share: Share): void {
    if (!this.#shares.delete(share)) return;
    this.#used -= share.held;
    share.held = 0;
  }
}

interface Account {
  reserve(total: number): boolean;
  release(): void;
}

/** The bytes reserved by one body. */
export class Share {
  readonly since = performance.now();
  readonly evicted: () => void;
  readonly #account: Account;
  /** Reserved bytes; changed only by the budget. */
  held = 0;

  constructor(evicted: () => void, account: Account) {
    this.evicted = evicted;
    this.#account = account;
  }

  /** Reserves `total` bytes. Returns false without enough memory, or after eviction or release. */
  reserve(total: number): boolean {
    return this.#account.reserve(total);
  }

  /** Releases all bytes for good. Can be called more than once. */
  release(): void {
    this.#account.release();
  }
}
