/** The write-ahead log of an open database: makes commits durable without blocking the event loop. */
import { close, fdatasync, openSync } from "node:fs";
import { promisify } from "node:util";

const sync = promisify(fdatasync);

export class Log implements Disposable {
  readonly #descriptor: number;

  /** SQLite must have created the log of the database in `file`. */
  constructor(file: string) {
    this.#descriptor = openSync(`${file}-wal`, "r+");
  }

  /** Resolves when everything committed before the call is on disk. Rejects when the disk fails; what is on it is then unknown. */
  sync(): Promise<void> {
    return sync(this.#descriptor);
  }

  /** Never throws: whether the log is durable is known from `sync` alone. */
  [Symbol.dispose](): void {
    close(this.#descriptor, () => {});
  }
}
