/** Collects chunks in one growing buffer, so that a thousand chunks of one byte cost a thousand bytes. */

/** Larger buffers grow in place and are freed at once instead of at the next garbage collection. */
const IN_PLACE_FROM = 256 * 1024;
const FIRST = 4096;

export class GrowingBytes {
  length = 0;
  readonly #most: number;
  readonly #allow: (bytes: number) => boolean;
  #buffer: Uint8Array<ArrayBuffer> | undefined;
  /** The first chunk, kept as received while it is the only one. */
  #only: Buffer | undefined;

  /** Holds at most `most` bytes. `allow` is called with the total before memory is allocated. */
  constructor(most: number, allow: (bytes: number) => boolean) {
    this.#most = most;
    this.#allow = allow;
  }

  /** Returns false without changing anything when the memory is not allowed or the limit is exceeded. */
  add(chunk: Buffer): boolean {
    const length = this.length + chunk.length;
    if (length > this.#most) return false;
    if (this.length === 0) {
      if (!this.#allow(length)) return false;
      this.#only = chunk;
    } else {
      if (!this.#makeRoom(length)) return false;
      this.#buffer?.set(chunk, this.length);
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

  /** Returns all bytes and clears the buffer. */
  take(): Buffer {
    const [only, buffer, length] = [this.#only, this.#buffer, this.length];
    if (only !== undefined) {
      this.drop();
      return only;
    }
    // Some APIs do not accept resizable buffers.
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

/** A view of resizable memory; `undefined` when the address space is exhausted. */
function resizable(bytes: number, most: number): Uint8Array<ArrayBuffer> | undefined {
  try {
    return new Uint8Array(new ArrayBuffer(bytes, { maxByteLength: most }));
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
