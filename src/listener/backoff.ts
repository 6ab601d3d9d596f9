/** Delays between attempts: they double up to a limit, and vary so that attempts do not come together. */

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
