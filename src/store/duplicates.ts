/** The keys of the events of the last seven days, to detect duplicates. */

/** The same event within this time is a duplicate: Meta retries for up to seven days. */
export const SEEN_FOR_MS = 7 * 24 * 60 * 60 * 1000;

/** The maximum number of keys; the oldest are dropped first. */
const KEYS_KEPT = 1_000_000;

export class Seen {
  readonly #at = new Map<string, number>();

  /** Adds the key. Returns false if it was seen within seven days before `at` (milliseconds since 1970). */
  see(key: string, at: number): boolean {
    if (this.has(key, at)) return false;
    this.#at.delete(key);
    this.#at.set(key, at);
    if (this.#at.size > KEYS_KEPT) this.#at.delete(this.#at.keys().next().value as string);
    return true;
  }

  /** Whether `see` would return false. */
  has(key: string, at: number): boolean {
    const before = this.#at.get(key);
    return before !== undefined && at - before <= SEEN_FOR_MS;
  }

  /** Reverts `see` after a failed write. */
  forget(key: string): void {
    this.#at.delete(key);
  }
}
