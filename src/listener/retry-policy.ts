/** When a failed forward is repeated: delays double up to a limit, and vary so that attempts do not come together. */

export interface Backoff {
  /** The first delay, in milliseconds. */
  baseMs: number;
  /** The longest delay, in milliseconds. */
  capMs: number;
}

/** The delay after `attempts` failed attempts: between half of the full delay and all of it. */
export function delayAfter(attempts: number, { baseMs, capMs }: Backoff, random = Math.random): number {
  const full = Math.min(capMs, baseMs * 2 ** Math.min(attempts - 1, 30));
  return Math.round(full * (0.5 + random() / 2));
}

/** When a failed attempt is repeated. */
export interface RetryPolicy {
  /** Attempts that the app has received, after which a delivery is given up. */
  attempts: number;
  /** Between the attempts of one delivery. */
  delivery: Backoff;
  /** Between attempts while the app cannot be reached. */
  app: Backoff;
}

export const RETRY: RetryPolicy = {
  attempts: 8,
  delivery: { baseMs: 1000, capMs: 60_000 },
  app: { baseMs: 250, capMs: 5000 },
};
