/** What a store keeps, and what it has deleted because of that. */

import { InterruptedError } from "../errors.ts";

/** How long and how much is kept; a missing limit is none. */
export interface Keep {
  /** Deliveries that are older are deleted, in milliseconds. */
  ms?: number;
  /** While the store is larger, the oldest deliveries are deleted, in bytes. */
  bytes?: number;
}

/** What is deleted: everything before a time, and the oldest while the store is too large. */
export interface PruneLimits {
  /** Deliveries received before this time are deleted, in milliseconds since 1970. */
  before?: number;
  /** The size of the store above which the oldest deliveries are deleted. */
  bytes?: number;
}

export function limitsOf({ ms, bytes }: Keep, now: number): PruneLimits {
  return { ...(ms === undefined ? {} : { before: now - ms }), ...(bytes === undefined ? {} : { bytes }) };
}

/** What was deleted. */
export interface Pruned {
  deliveries: number;
  /** Of headers and bodies. */
  bytes: number;
  /** Forwards that were still to be sent. */
  pending: number;
}

export const NOTHING_PRUNED: Pruned = { deliveries: 0, bytes: 0, pending: 0 };

export function added(a: Pruned, b: Pruned): Pruned {
  return { deliveries: a.deliveries + b.deliveries, bytes: a.bytes + b.bytes, pending: a.pending + b.pending };
}

export interface PruneRequest extends PruneLimits {
  /** Also the keys of seen events, so that what Meta sends again is new. */
  all?: boolean;
}

/** What is about to be deleted. */
export interface PrunePlan {
  deliveries: number;
  /** Of headers and bodies. */
  bytes: number;
}

export interface PruneResult extends Pruned {
  /** By how much the file became smaller, in bytes. */
  freed: number;
  /** What stays in the file for further deliveries, in bytes. */
  reusable: number;
}

/** Deletes from a store on request, also while listeners write to it. */
export interface StorePruner {
  plan(request: PruneRequest): PrunePlan | Promise<PrunePlan>;
  /** Yields the sum so far after each step, and returns the result. Throws an `InterruptedError` when `signal` aborts. */
  prune(request: PruneRequest, signal: AbortSignal): AsyncGenerator<Pruned, PruneResult, void>;
}

export function pruneInterrupted(): InterruptedError {
  return new InterruptedError("stopped; what was deleted so far stays deleted", { code: "events.prune-interrupted" });
}

/** The forwards to one app. */
export interface ForwardStats {
  to: string;
  pending: number;
  failed: number;
  /** When the oldest delivery that waits was received, in milliseconds since 1970. */
  oldestPending?: number;
}

/** What a store holds. */
export interface StoreStats {
  deliveries: number;
  /** On disk, without what deleted deliveries have left free; in memory the bytes of the bodies. */
  bytes: number;
  /** When the oldest delivery was received, in milliseconds since 1970. */
  oldest?: number;
  forwards: ForwardStats[];
  /** Deleted since the store was opened, because of what it keeps. */
  pruned: Pruned;
  /** What a crash can lose although it was acknowledged, in words; missing when all is durable. */
  weak?: string;
}
