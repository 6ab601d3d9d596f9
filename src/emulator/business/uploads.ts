/** Sessions of the resumable upload API and the handles of complete files. Source: Meta, "Resumable Upload API". */
import { Bounded } from "../bounded.ts";
import type { Clock } from "../clock.ts";
import { invalid } from "../http/graph-response.ts";
import type { Ids } from "../ids.ts";

interface Session {
  id: string;
  type: string;
  /** The announced size, in bytes. */
  length: number;
  /** How many bytes have been received. */
  offset: number;
  /** Absent for a file that is too large to be kept, of which only the size is known. */
  bytes?: Buffer;
  handle?: string;
}

export interface UploadedFile {
  type: string;
  length: number;
  bytes?: Buffer;
}

const MAX_SESSIONS = 1000;
/** Larger than any picture that is served again. */
const MAX_KEPT_FILE = 5 * 1024 * 1024;
const MAX_KEPT = 64 * 1024 * 1024;
const DAY_SECONDS = 86_400;

export class Uploads {
  readonly #sessions = new Bounded<Session>(MAX_SESSIONS);
  readonly #clock: Clock;
  readonly #ids: Ids;

  constructor({ clock, ids }: { clock: Clock; ids: Ids }) {
    this.#clock = clock;
    this.#ids = ids;
  }

  /** Whether an id in a path is that of a session. */
  has(id: string): boolean {
    return this.#sessions.has(sessionIdOf(id));
  }

  /** Starts a session. Returns its id as Meta has it: with a signature in the form of a query. */
  start(type: string, length: number): string {
    const token = this.#ids.token();
    const id = `upload:${Buffer.from(token.slice(0, 32)).toString("base64url")}`;
    this.#sessions.set(id, { id, type, length, offset: 0 });
    return `${id}?sig=AR${token.slice(32, 52)}`;
  }

  offsetOf(id: string): number {
    return this.#session(id).offset;
  }

  /**
   * Adds a part. Returns the handle once the file is complete. Throws a `GraphErrorResponse` when the part does not continue where the
   * last one ended, or is larger than announced.
   */
  add(id: string, offset: number, part: Buffer): string | undefined {
    const session = this.#session(id);
    const { length } = session;
    if (offset !== session.offset) {
      throw invalid("Invalid parameter", `file_offset: the next byte is ${session.offset}; the request has ${offset}`);
    }
    if (offset + part.length > length) {
      throw invalid("Invalid parameter", `the file would be larger than the announced ${length} bytes`);
    }
    if (length <= MAX_KEPT_FILE) {
      session.bytes ??= this.#reserve(length);
      part.copy(session.bytes, offset);
    }
    session.offset += part.length;
    if (session.offset === length) session.handle ??= this.#handleOf(session);
    return session.handle;
  }

  /** The complete file with this handle. */
  fileOf(handle: string): UploadedFile | undefined {
    for (const session of this.#sessions.values()) if (session.handle === handle) return session;
    return undefined;
  }

  #session(id: string): Session {
    const session = this.#sessions.get(sessionIdOf(id));
    if (session === undefined) throw new Error(`no upload session ${id}`);
    return session;
  }

  /** Memory for a file. When too much is in use, the oldest sessions with bytes are removed. */
  #reserve(length: number): Buffer {
    let kept = length;
    for (const { bytes } of this.#sessions.values()) kept += bytes?.length ?? 0;
    for (const [id, { bytes }] of this.#sessions) {
      if (kept <= MAX_KEPT) break;
      if (bytes === undefined) continue;
      kept -= bytes.length;
      this.#sessions.delete(id);
    }
    return Buffer.alloc(length);
  }

  #handleOf({ type }: Session): string {
    const expires = this.#clock.seconds() + 30 * DAY_SECONDS;
    return `4::${Buffer.from(type).toString("base64")}:ARemulated${this.#ids.token().slice(0, 40)}:e:${expires}`;
  }
}

/** Some clients encode the whole id, signature included, into the path. */
function sessionIdOf(id: string): string {
  return id.replaceAll("%3A", ":").split(/\?|%3F/i, 1)[0] ?? "";
}
