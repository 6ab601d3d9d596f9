/** Which events have been seen, by their keys, for seven days. */

/** For this long, the same event again is a duplicate: Meta retries for up to seven days. */
export const SEEN_FOR_MS = 7 * 24 * 60 * 60 * 1000;

/** More keys than this are not remembered; the oldest go first. */
const KEYS_KEPT = 1_000_000;

export class Seen {
  readonly #at = new Map<string, number>();

  /** Remembers the key. False when it had been seen within seven days before `at` (milliseconds since 1970). */
  see(key: string, at: number): boolean {
    const before = this.#at.get(key);
    if (before !== undefined && at - before <= SEEN_FOR_MS) return false;
    this.#at.delete(key);
    this.#at.set(key, at);
    if (this.#at.size > KEYS_KEPT) this.#at.delete(this.#at.keys().next().value as string);
    return true;
  }

  /** Takes back a `see` that did not come to anything. */
  forget(key: string): void {
    this.#at.delete(key);
  }
}
