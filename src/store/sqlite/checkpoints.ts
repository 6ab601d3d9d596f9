/** Copies the log into the database beside the event loop: there it would block for up to 20 ms, because it waits for the disk twice. */
import type { Received } from "../store.ts";

/** A longer log is copied less often, and takes longer. */
const DUE_PAGES = 2000;
const PAGE_BYTES = 4096;
/** Of a delivery's row, without its body: mostly headers. */
const ROW_BYTES = 512;
/** What each transaction writes besides the deliveries: the ends of indexes and tables. */
const PAGES_EACH = 5;

const COPY = "PRAGMA wal_checkpoint(PASSIVE)";

/** A connection of its own that works on another thread. */
interface Background {
  exec(sql: string): Promise<void>;
  close(): void;
}

export class Checkpoints implements Disposable {
  readonly #file: string;
  #background: Background | undefined;
  #pages = 0;
  #running: Promise<void> | undefined;
  /** The log has been copied except for what was written meanwhile. */
  #isRestDue = false;
  #isDisposed = false;

  constructor(file: string) {
    this.#file = file;
  }

  /** About how much a transaction has added to the log. */
  wrote(deliveries: readonly Received[]): void {
    const bytes = deliveries.reduce((sum, { body }) => sum + body.length + ROW_BYTES, 0);
    this.#pages += PAGES_EACH + bytes / PAGE_BYTES;
    if (this.#pages < DUE_PAGES || this.#running !== undefined) return;
    this.#pages = 0;
    this.#running = this.#copy().then(() => {
      this.#running = undefined;
      this.#isRestDue = true;
    });
  }

  /** To be awaited between two transactions: only a log that was copied to its end is used from its beginning again. */
  async finish(): Promise<void> {
    if (!this.#isRestDue) return;
    this.#isRestDue = false;
    await this.#copy();
  }

  /** When it fails, SQLite copies the log itself once it is longer, and reports the error to the writer. */
  async #copy(): Promise<void> {
    try {
      this.#background ??= await connect(this.#file);
      if (!this.#isDisposed) await this.#background.exec(COPY);
    } catch {
      // Tried again when the log has grown by as much.
    } finally {
      if (this.#isDisposed) this.#close();
    }
  }

  #close(): void {
    this.#background?.close();
    this.#background = undefined;
  }

  [Symbol.dispose](): void {
    this.#isDisposed = true;
    if (this.#running === undefined) this.#close();
  }

  /** Resolves when nothing is being copied. */
  async settled(): Promise<void> {
    await this.#running;
  }
}

async function connect(file: string): Promise<Background> {
  const { default: Database } = await import("libsql/promise");
  return new Database(file, { timeout: 0 });
}
