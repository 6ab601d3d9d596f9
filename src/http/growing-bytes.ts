/** Bytes that arrive in pieces, in one buffer that grows as they arrive: a thousand pieces of one byte cost a thousand bytes. */

/** From here on the memory grows in place, and goes back to the system at once instead of at the next garbage collection. */
const IN_PLACE_FROM = 256 * 1024;
const FIRST = 4096;

export class GrowingBytes {
  length = 0;
  readonly #most: number;
  readonly #allow: (bytes: number) => boolean;
  #buffer: Uint8Array<ArrayBuffer> | undefined;
  /** While it is the only one, a piece is kept as it came. */
  #only: Buffer | undefined;

  /** There will be `most` bytes at most. `allow` is asked before memory is taken, with how much there will be in all. */
  constructor(most: number, allow: (bytes: number) => boolean) {
    this.#most = most;
    this.#allow = allow;
  }

  /** False when the memory was not allowed or there would be too many bytes; what was there before stays. */
  add(piece: Buffer): boolean {
    const length = this.length + piece.length;
    if (length > this.#most) return false;
    if (this.length === 0) {
      if (!this.#allow(length)) return false;
      this.#only = piece;
    } else {
      if (!this.#makeRoom(length)) return false;
      this.#buffer?.set(piece, this.length);
    }
    this.length = length;
    return true;
  }

  #makeRoom(length: number): boolean {
    const capacity = this.#buffer?.byteLength ?? 0;
    if (length <= capacity) return true;
    const grown = Math.min(Math.max(length, 2 * capacity, FIRST), this.#most);
    if (!this.#allow(grown)) return false;
    if (this.#buffer?.buffer.resizable) {
      this.#buffer.buffer.resize(grown);
      return true;
    }
    const bytes = grown < IN_PLACE_FROM ? Buffer.allocUnsafeSlow(grown) : resizable(grown, this.#most);
    if (bytes === undefined) return false;
    bytes.set(this.#only ?? this.#buffer?.subarray(0, this.length) ?? []);
    this.#only = undefined;
    this.#buffer = bytes;
    return true;
  }

  /** Everything that came, once; nothing is left here. */
  take(): Buffer {
    const [only, buffer, length] = [this.#only, this.#buffer, this.length];
    if (only !== undefined) {
      this.drop();
      return only;
    }
    // Not every reader of buffers takes one that could change its size.
    const bytes = Buffer.allocUnsafeSlow(length);
    if (buffer !== undefined) bytes.set(buffer.subarray(0, length));
    this.drop();
    return bytes;
  }

  drop(): void {
    if (this.#buffer?.buffer.resizable) this.#buffer.buffer.resize(0);
    this.#buffer = undefined;
    this.#only = undefined;
    this.length = 0;
  }
}

/** Follows the size of its memory; nothing when the system has no more addresses for it. */
function resizable(bytes: number, most: number): Uint8Array<ArrayBuffer> | undefined {
  try {
    return new Uint8Array(new ArrayBuffer(bytes, { maxByteLength: most }));
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
