/** The file behind an open database: whether it is still there, and what to do when it is not. */
import { existsSync, mkdirSync, renameSync, rmSync, statSync } from "node:fs";
import { basename, dirname } from "node:path";

import { FOLDER, makeFolder } from "./folder.ts";

/** What became of the file since it was opened; nothing when it is as it was. */
export type Loss = "deleted" | "replaced" | "emptied";

export class StoreFile {
  readonly path: string;
  #device = 0;
  #inode = 0;
  /** Of the files that SQLite keeps beside it. */
  #beside: (readonly [part: string, identity: string])[] = [];

  constructor(path: string) {
    this.path = path;
  }

  /** To be called when the database has just been opened. */
  opened(): void {
    const { dev, ino } = statSync(this.path);
    [this.#device, this.#inode] = [dev, ino];
    this.#beside = ["-wal", "-shm"].map((part) => [part, identityOf(this.path + part)]);
  }

  /** Asked after every commit, so it takes microseconds. */
  loss(): Loss | undefined {
    const stat = statSync(this.path, { throwIfNoEntry: false });
    if (stat === undefined) return "deleted";
    if (stat.ino !== this.#inode || stat.dev !== this.#device) return "replaced";
    // A database that was in use has a first page.
    return stat.size === 0 ? "emptied" : undefined;
  }

  /**
   * Makes the path ready for another database. To be called before the lost one is closed: SQLite would otherwise write what it still
   * remembers into the emptied file. Throws when the folder that the store's folder stood in is gone too.
   */
  makeWay(loss: Loss): void {
    if (loss === "emptied") {
      const aside = `${this.path}.emptied-${Date.now()}`;
      for (const part of ["", "-wal", "-shm"]) {
        if (existsSync(this.path + part)) renameSync(this.path + part, aside + part);
      }
    }
    // The log of one database must never be read into another.
    for (const [part, identity] of this.#beside) {
      if (identity !== GONE && identityOf(this.path + part) === identity) rmSync(this.path + part);
    }
    const folder = dirname(this.path);
    if (existsSync(folder)) return;
    // One level only: where the whole project is gone, nothing is made in its place.
    mkdirSync(folder, { mode: 0o700 });
    if (basename(folder) === FOLDER) makeFolder(dirname(folder));
  }
}

const GONE = "gone";

function identityOf(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat === undefined ? GONE : `${stat.dev}:${stat.ino}`;
}
