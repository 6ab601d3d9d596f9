/** Muxado, the framing under ngrok's protocol: many streams with flow control over one connection. From its PROTOCOL.md. */
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
  #wanted = HEADER_BYTES;
  #nextId = 2;

  /** `onStream` gets the streams that the other side opens. */
  constructor(connection: Duplex, onStream: (stream: MuxStream) => void) {
    this.#connection = connection;
    this.#onStream = onStream;
    connection.on("data", (bytes: Buffer) => this.#take(bytes));
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

  forget(id: number): void {
    this.#streams.delete(id);
  }

  #take(bytes: Buffer): void {
    this.#buffered.push(bytes);
    this.#size += bytes.length;
    if (this.#size < this.#wanted) return;
    let all = Buffer.concat(this.#buffered);
    this.#wanted = HEADER_BYTES;
    while (all.length >= HEADER_BYTES) {
      const length = HEADER_BYTES + all.readUIntBE(0, 3);
      if (all.length < length) {
        this.#wanted = length;
        break;
      }
      this.#frame(all[3] ?? 0, all.readUInt32BE(4), all.subarray(HEADER_BYTES, length));
      all = all.subarray(length);
    }
    this.#buffered = [all];
    this.#size = all.length;
  }

  #frame(kind: number, id: number, body: Buffer): void {
    const [type, flags] = [kind >> 4, kind & 0xf];
    if (type === DATA && (flags & SYN) !== 0) {
      const stream = new MuxStream(this, id, 0);
      this.#streams.set(id, stream);
      this.#onStream(stream);
    }
    const stream = this.#streams.get(id);
    if (type === DATA) stream?.arrived(body, (flags & FIN) !== 0);
    if (type === WINDOW) stream?.widen(body.readUInt32BE(0));
    if (type === RST) stream?.destroy();
  }
}

export class MuxStream extends Duplex {
  readonly #mux: Mux;
  readonly #id: number;
  /** Of the next frame: the first one of a stream opens it. */
  #flags: number;
  #window = WINDOW_BYTES;
  #credit = 0;
  #waiting: { bytes: Buffer; done: () => void } | undefined;
  #finished = false;

  constructor(mux: Mux, id: number, flags: number) {
    super({ allowHalfOpen: true });
    this.#mux = mux;
    this.#id = id;
    this.#flags = flags;
    this.on("error", () => {});
  }

  arrived(bytes: Buffer, last: boolean): void {
    this.#credit += bytes.length;
    if (bytes.length > 0) this.push(bytes);
    if (last) this.push(null);
  }

  widen(bytes: number): void {
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
    this.#waiting = { bytes, done };
    this.#flush();
  }

  #flush(): void {
    while (this.#waiting !== undefined && this.#window > 0) {
      const { bytes, done } = this.#waiting;
      const part = bytes.subarray(0, Math.min(this.#window, FRAME_BYTES));
      this.#window -= part.length;
      this.#send(part, 0);
      const rest = bytes.subarray(part.length);
      this.#waiting = rest.length === 0 ? undefined : { bytes: rest, done };
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
    this.#mux.forget(this.#id);
    done(error);
  }
}
