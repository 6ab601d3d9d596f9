/** Meta's habits that apps have to bear, as a plan that is a pure function of a seed and the position of a delivery. */
import { createHash } from "node:crypto";

export const CHAOS_KINDS = ["duplicates", "reorder", "batch", "stale", "burst", "retry"] as const;

export type ChaosKind = (typeof CHAOS_KINDS)[number];

/**
 * What happens to one delivery. Source: Meta delivers webhooks at least once, in any order, up to 1000 updates in one, and repeats them for
 * up to 7 days.
 */
export interface Disturbance {
  /** How many times it is sent: 1 or 2. */
  copies: number;
  /** Whether the copy comes much later, rather than at the same moment. */
  late: boolean;
  /** How many later deliveries are sent before it: 0 to 3. */
  overtakenBy: number;
  /** How old its timestamps are, in milliseconds: 0, or up to 7 days. */
  ageMs: number;
  /** How many deliveries, from this one on, are one: 1 to 1000. */
  batch: number;
  /** How many deliveries, from this one on, are sent at the same moment: 1 to 50. */
  burst: number;
}

const [SECOND, MINUTE, HOUR] = [1000, 60_000, 3_600_000];
const WEEK_MS = 7 * 24 * HOUR;

/**
 * The delays before each repetition of a delivery that got anything but 200. Meta does not publish its schedule: it retries immediately,
 * then with increasing delays for up to 7 days.
 */
export const RETRY_MS: readonly number[] = [
  0,
  SECOND,
  5 * SECOND,
  30 * SECOND,
  2 * MINUTE,
  10 * MINUTE,
  HOUR,
  ...[6, 12, 24, 24, 24, 24, 24].map((hours) => hours * HOUR),
];

/** One delivery in four is sent twice. */
const DUPLICATED = 256 / 4;
/** Two deliveries in five are overtaken. */
const OVERTAKEN = (256 * 2) / 5;
/** One delivery in five is old. */
const STALE = 256 / 5;
/** One delivery in eight begins a batch, and another one a burst. */
const GROUPED = 256 / 8;
/** One batch in four is as large as Meta's largest. */
const LARGE = 256 / 4;

/** The disturbance of the delivery at this position; the first is 0. */
export function disturbance(seed: string, position: number, kinds: readonly ChaosKind[]): Disturbance {
  const random = createHash("sha256").update(`${seed} chaos ${position}`).digest();
  const at = (index: number) => random[index] ?? 0;
  const has = (kind: ChaosKind, byte: number, below: number) => kinds.includes(kind) && at(byte) < below;
  return {
    copies: has("duplicates", 0, DUPLICATED) ? 2 : 1,
    late: at(3) % 2 === 1,
    overtakenBy: has("reorder", 1, OVERTAKEN) ? 1 + (at(2) % 3) : 0,
    ageMs: has("stale", 4, STALE) ? ageOf(random.readUInt32BE(5)) : 0,
    batch: has("batch", 9, GROUPED) ? (at(10) < LARGE ? 1000 : 2 + (at(11) % 20)) : 1,
    burst: has("burst", 12, GROUPED) ? 10 + (at(13) % 41) : 1,
  };
}

/** From a minute to a week, in seconds. */
export function ageOf(random: number): number {
  return MINUTE + (random % ((WEEK_MS - MINUTE) / SECOND)) * SECOND;
}

/** One of `count` positions, which is disturbed in any case: with few deliveries, chance alone would disturb none. */
export function certainPosition(seed: string, kind: ChaosKind, count: number): number {
  return createHash("sha256").update(`${seed} ${kind}`).digest().readUInt32BE(0) % Math.max(1, count);
}
