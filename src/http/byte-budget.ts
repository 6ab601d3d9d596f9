/** A bound on the memory that many requests use together: when it is short, the body that has cost the most gives way. */

import { Turns } from "./turns.ts";

/** So many large bodies arrive at once; the others wait. */
const LARGE_AT_ONCE = 8;

/** Bytes that several bodies may hold between them. */
export class ByteBudget {
  readonly limit: number;
  /** For those of the bodies that are large. */
  readonly turns = new Turns(LARGE_AT_ONCE);
  #used = 0;
  readonly #shares = new Set<Share>();

  constructor(limit: number) {
    this.limit = limit;
  }

  /** How many bytes are reserved now. */
  get used(): number {
    return this.#used;
  }

  /** An empty share. `evicted` is called, once, when its bytes are taken back for another's; it has none then. */
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
   * Bytes times age: what a body has cost the others so far. A sender that is slow, or large, or both, pays; a small body that arrives
   * at once never does.
   */
  #costliest(growing: Share, total: number): Share {
    const now = performance.now();
    let costliest = growing;
    let cost = total * (now - growing.since);
    for (const share of this.#shares) {
      const its = share.held * (now - share.since);
      if (its > cost) [costliest, cost] = [share, its];
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

/** What one body holds of a budget. */
export class Share {
  readonly since = performance.now();
  readonly evicted: () => void;
  readonly #account: Account;
  /** In bytes; only the budget changes it. */
  held = 0;

  constructor(evicted: () => void, account: Account) {
    this.evicted = evicted;
    this.#account = account;
  }

  /** Reserves so many bytes in all. False when there is no room, or the share was evicted or released. */
  reserve(total: number): boolean {
    return this.#account.reserve(total);
  }

  /** Gives everything back, for good. May be called again. */
  release(): void {
    this.#account.release();
  }
}
