/** The file of an open database: detects that it was deleted or replaced, and prepares for a new one. */
import { existsSync, mkdirSync, renameSync, rmSync, statSync } from "node:fs";
import { basename, dirname } from "node:path";

import { FOLDER, makeFolder } from "../folder.ts";

/** What happened to the file since it was opened. */
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

  /** Call right after opening the database. */
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
   * Prepares the path for a new database. Call before closing the lost one: SQLite would otherwise write cached pages into the emptied
   * file. Throws when the parent of the store's folder is missing too.
   */
  makeWay(loss: Loss): void {
    if (loss === "emptied") {
      const aside = `${this.path}.emptied-${Date.now()}`;
      for (const part of ["", "-wal", "-shm"]) {
        if (existsSync(this.path + part)) renameSync(this.path + part, aside + part);
      }
    }
    // The log of one database must not be applied to another.
    for (const [part, identity] of this.#beside) {
      if (identity !== GONE && identityOf(this.path + part) === identity) rmSync(this.path + part);
    }
    const folder = dirname(this.path);
    if (existsSync(folder)) return;
    // One level only: a deleted project is not recreated.
    mkdirSync(folder, { mode: 0o700 });
    if (basename(folder) === FOLDER) makeFolder(dirname(folder));
  }
}

const GONE = "gone";

function identityOf(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat === undefined ? GONE : `${stat.dev}:${stat.ino}`;
}
