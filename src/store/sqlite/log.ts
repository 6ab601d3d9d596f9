/** The write-ahead log of an open database: makes commits durable without blocking the event loop. */
import { close, fdatasync, fstat, openSync } from "node:fs";
import { promisify } from "node:util";

import { UnavailableError } from "../../errors.ts";

const sync = promisify(fdatasync);
const stat = promisify(fstat);

export class Log implements Disposable {
  readonly #path: string;
  readonly #descriptor: number;

  /** SQLite must have created the log of the database in `file`. */
  constructor(file: string) {
    this.#path = `${file}-wal`;
    this.#descriptor = openSync(this.#path, "r+");
  }

  /**
   * Resolves when everything committed before the call is on disk. Rejects when the disk fails, or when the log is no longer in its
   * folder, where the next process would look for it; what is durable is then unknown.
   */
  async sync(): Promise<void> {
    const [{ nlink }] = await Promise.all([stat(this.#descriptor), sync(this.#descriptor)]);
    if (nlink === 0) throw new UnavailableError(`${this.#path} was deleted or replaced`, { code: "store.lost" });
  }

  /** Never throws: whether the log is durable is known from `sync` alone. */
  [Symbol.dispose](): void {
    close(this.#descriptor, () => {});
  }
}
