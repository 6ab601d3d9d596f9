/** The keys of the events of the last seven days, to detect duplicates. */
import { hash } from "node:crypto";

/** The same event within this time is a duplicate: Meta retries for up to seven days. */
export const SEEN_FOR_MS = 7 * 24 * 60 * 60 * 1000;

/** The maximum number of keys; the oldest are dropped first. A power of two. */
const KEYS_KEPT = 2 ** 20;
const SMALLEST = 1024;
/** The halves of 64 bits. */
type Hash = [low: number, high: number];

/** Of an entry that was forgotten. */
const FORGOTTEN = Number.NaN;

/**
 * Hashes of 64 bits instead of the keys: a million take 24 MB instead of hundreds. Two of a million keys have the same hash with a
 * probability of one in 30 million; the later one then counts as a duplicate, which is recorded and not forwarded.
 */
export class Seen {
  readonly #most: number;
  /** A ring of entries in the order of arrival: the halves of the hash, and the time. */
  #hashes = new Uint32Array(2 * SMALLEST);
  #times = new Float64Array(SMALLEST);
  #first = 0;
  #count = 0;
  /** Finds entries by their hashes, with linear probing: the place in the ring plus one, or 0. */
  #slots = new Int32Array(2 * SMALLEST);

  /** `most` is a power of two. */
  constructor(most = KEYS_KEPT) {
    this.#most = most;
  }

  /** Adds the key. Returns false if it was seen within seven days before `at` (milliseconds since 1970). */
  see(key: string, at: number): boolean {
    const hash = hashOf(key);
    const slot = this.#find(hash);
    if (this.#isRecent(slot, at)) return false;
    if (slot >= 0) this.#forgetAt(slot);
    this.#makeRoom();
    const place = (this.#first + this.#count++) % this.#times.length;
    this.#hashes.set(hash, 2 * place);
    this.#times[place] = at;
    this.#enter(place);
    return true;
  }

  /** Whether `see` would return false. */
  has(key: string, at: number): boolean {
    return this.#isRecent(this.#find(hashOf(key)), at);
  }

  /** Reverts `see` after a failed write. */
  forget(key: string): void {
    const slot = this.#find(hashOf(key));
    if (slot >= 0) this.#forgetAt(slot);
  }

  #isRecent(slot: number, at: number): boolean {
    return slot >= 0 && at - (this.#times[this.#placeIn(slot)] ?? FORGOTTEN) <= SEEN_FOR_MS;
  }

  /** -1 for an empty slot. */
  #placeIn(slot: number): number {
    return (this.#slots[slot] ?? 0) - 1;
  }

  /** The slot from which a hash is looked for. */
  #home(place: number): number {
    return (this.#hashes[2 * place] ?? 0) & (this.#slots.length - 1);
  }

  #after(slot: number): number {
    return (slot + 1) & (this.#slots.length - 1);
  }

  /** The slot of the entry, or -1. */
  #find([low, high]: Hash): number {
    for (let slot = low & (this.#slots.length - 1); this.#slots[slot] !== 0; slot = this.#after(slot)) {
      const place = this.#placeIn(slot);
      if (this.#hashes[2 * place] === low && this.#hashes[2 * place + 1] === high) return slot;
    }
    return -1;
  }

  #enter(place: number): void {
    let slot = this.#home(place);
    while (this.#slots[slot] !== 0) slot = this.#after(slot);
    this.#slots[slot] = place + 1;
  }

  /** Entries behind it that would no longer be found are moved up. */
  #forgetAt(slot: number): void {
    this.#times[this.#placeIn(slot)] = FORGOTTEN;
    const mask = this.#slots.length - 1;
    let hole = slot;
    for (let next = this.#after(slot); this.#slots[next] !== 0; next = this.#after(next)) {
      const probed = (next - this.#home(this.#placeIn(next))) & mask;
      if (probed < ((next - hole) & mask)) continue;
      this.#slots[hole] = this.#slots[next] ?? 0;
      hole = next;
    }
    this.#slots[hole] = 0;
  }

  #makeRoom(): void {
    if (this.#count < Math.min(this.#times.length, this.#most)) return;
    if (this.#times.length < this.#most) return this.#grow();
    const oldest = this.#first;
    if (!Number.isNaN(this.#times[oldest])) {
      this.#forgetAt(this.#find([this.#hashes[2 * oldest] ?? 0, this.#hashes[2 * oldest + 1] ?? 0]));
    }
    this.#first = (oldest + 1) % this.#times.length;
    this.#count--;
  }

  /** The ring is full and starts at its beginning: nothing is dropped before it has its full size. */
  #grow(): void {
    const size = 2 * this.#times.length;
    const [hashes, times] = [this.#hashes, this.#times];
    this.#hashes = new Uint32Array(2 * size);
    this.#hashes.set(hashes);
    this.#times = new Float64Array(size);
    this.#times.set(times);
    this.#slots = new Int32Array(2 * size);
    for (let place = 0; place < this.#count; place++) if (!Number.isNaN(times[place])) this.#enter(place);
  }
}

/** The beginning of a digest, because a hash of our own could have more collisions than chance. */
function hashOf(key: string): Hash {
  const digest = hash("sha1", key, "binary");
  return [wordAt(digest, 0), wordAt(digest, 4)];
}

/** 32 bits, the lowest byte first. */
function wordAt(bytes: string, at: number): number {
  const [low, second] = [bytes.charCodeAt(at), bytes.charCodeAt(at + 1)];
  return (low | (second << 8) | (bytes.charCodeAt(at + 2) << 16) | (bytes.charCodeAt(at + 3) << 24)) >>> 0;
}
