/** Duplicates and disorder of deliveries without any failure, as a plan that is a pure function of a seed and the position of a delivery. */
import { createHash } from "node:crypto";

export const CHAOS_KINDS = ["duplicates", "reorder"] as const;

export type ChaosKind = (typeof CHAOS_KINDS)[number];

/** What happens to one delivery. Source: Meta delivers webhooks at least once, and in any order. */
export interface Disturbance {
  /** How many times it is sent: 1 or 2. */
  copies: number;
  /** How many later deliveries are sent before it: 0 to 3. */
  overtakenBy: number;
}

/** One delivery in four is sent twice. */
const DUPLICATED = 256 / 4;
/** Two deliveries in five are overtaken. */
const OVERTAKEN = (256 * 2) / 5;

/** The disturbance of the delivery at this position; the first is 0. */
export function disturbance(seed: string, position: number, kinds: readonly ChaosKind[]): Disturbance {
  const [first = 0, second = 0, third = 0] = createHash("sha256").update(`${seed} chaos ${position}`).digest();
  return {
    copies: kinds.includes("duplicates") && first < DUPLICATED ? 2 : 1,
    overtakenBy: kinds.includes("reorder") && second < OVERTAKEN ? 1 + (third % 3) : 0,
  };
}
