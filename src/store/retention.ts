/** What a store keeps, and what it has deleted because of that. */

/** How long and how much is kept; a missing limit is none. */
export interface Keep {
  /** Deliveries that are older are deleted, in milliseconds. */
  ms?: number;
  /** While the store is larger, the oldest deliveries are deleted, in bytes. */
  bytes?: number;
}

/** What was deleted. */
export interface Pruned {
  /** How many. */
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
