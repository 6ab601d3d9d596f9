/** Muxado, the multiplexing layer of ngrok's protocol: streams with flow control over one connection. Source: its PROTOCOL.md. */
import { Duplex } from "node:stream";

const RST = 0;
const DATA = 1;
const WINDOW = 2;
const FIN = 1;
const SYN = 2;
const HEADER_BYTES = 8;
const WINDOW_BYTES = 256 * 1024;
const FRAME_BYTES = 32 * 1024;

export class Mux {
  readonly #connection: Duplex;
  readonly #streams = new Map<number, MuxStream>();
  readonly #onStream: (stream: MuxStream) => void;
  #buffered: Buffer[] = [];
  #size = 0;
  #needed = HEADER_BYTES;
  #nextId = 2;

  /** `onStream` gets each stream that the remote side opens. */
  constructor(connection: Duplex, onStream: (stream: MuxStream) => void) {
    this.#connection = connection;
    this.#onStream = onStream;
    connection.on("data", (bytes: Buffer) => this.#receive(bytes));
    connection.on("close", () => {
      for (const stream of this.#streams.values()) stream.destroy();
    });
  }

  open(): MuxStream {
    const stream = new MuxStream(this, this.#nextId, SYN);
    this.#streams.set(this.#nextId, stream);
    this.#nextId += 2;
    return stream;
  }

  send(type: number, flags: number, id: number, body: Buffer): void {
    const header = Buffer.alloc(HEADER_BYTES);
    header.writeUIntBE(body.length, 0, 3);
    header[3] = (type << 4) | flags;
    header.writeUInt32BE(id, 4);
    if (this.#connection.writable) this.#connection.write(Buffer.concat([header, body]));
  }

  remove(id: number): void {
    this.#streams.delete(id);
  }

  #receive(bytes: Buffer): void {
    this.#buffered.push(bytes);
    this.#size += bytes.length;
    if (this.#size < this.#needed) return;
    let rest = Buffer.concat(this.#buffered);
    this.#needed = HEADER_BYTES;
    while (rest.length >= HEADER_BYTES) {
      const length = HEADER_BYTES + rest.readUIntBE(0, 3);
      if (rest.length < length) {
        this.#needed = length;
        break;
      }
      this.#handleFrame(rest[3] ?? 0, rest.readUInt32BE(4), rest.subarray(HEADER_BYTES, length));
      rest = rest.subarray(length);
    }
    this.#buffered = [rest];
    this.#size = rest.length;
  }

  #handleFrame(typeAndFlags: number, id: number, body: Buffer): void {
    const [type, flags] = [typeAndFlags >> 4, typeAndFlags & 0xf];
    if (type === DATA && (flags & SYN) !== 0) {
      const stream = new MuxStream(this, id, 0);
      this.#streams.set(id, stream);
      this.#onStream(stream);
    }
    const stream = this.#streams.get(id);
    if (type === DATA) stream?.receive(body, (flags & FIN) !== 0);
    if (type === WINDOW) stream?.addWindow(body.readUInt32BE(0));
    if (type === RST) stream?.destroy();
  }
}

export class MuxStream extends Duplex {
  readonly #mux: Mux;
  readonly #id: number;
  /** Flags of the next frame: SYN in the first frame of a stream. */
  #flags: number;
  #window = WINDOW_BYTES;
  #credit = 0;
  #pending: { bytes: Buffer; done: () => void } | undefined;
  #finished = false;

  constructor(mux: Mux, id: number, flags: number) {
    super({ allowHalfOpen: true });
    this.#mux = mux;
    this.#id = id;
    this.#flags = flags;
    this.on("error", () => {});
  }

  receive(bytes: Buffer, last: boolean): void {
    this.#credit += bytes.length;
    if (bytes.length > 0) this.push(bytes);
    if (last) this.push(null);
  }

  addWindow(bytes: number): void {
    this.#window += bytes;
    this.#flush();
  }

  override _read(): void {
    if (this.#credit === 0) return;
    const increment = Buffer.alloc(4);
    increment.writeUInt32BE(this.#credit);
    this.#credit = 0;
    this.#mux.send(WINDOW, 0, this.#id, increment);
  }

  override _write(bytes: Buffer, _encoding: string, done: () => void): void {
    this.#pending = { bytes, done };
    this.#flush();
  }

  #flush(): void {
    while (this.#pending !== undefined && this.#window > 0) {
      const { bytes, done } = this.#pending;
      const part = bytes.subarray(0, Math.min(this.#window, FRAME_BYTES));
      this.#window -= part.length;
      this.#send(part, 0);
      const rest = bytes.subarray(part.length);
      this.#pending = rest.length === 0 ? undefined : { bytes: rest, done };
      if (rest.length === 0) done();
    }
  }

  #send(body: Buffer, flags: number): void {
    this.#mux.send(DATA, this.#flags | flags, this.#id, body);
    this.#flags = 0;
  }

  override _final(done: () => void): void {
    this.#finished = true;
    this.#send(Buffer.alloc(0), FIN);
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    if (!this.#finished || !this.readableEnded) this.#mux.send(RST, 0, this.#id, Buffer.alloc(4));
    this.#mux.remove(this.#id);
    done(error);
  }
}
