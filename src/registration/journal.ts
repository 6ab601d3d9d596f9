/** The crash-safe record of one working folder: written before Meta is changed, deleted when everything is restored. */
import { existsSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";

import { replaceFile } from "../durable-file.ts";
import { reasonOf, systemCode, UsageError } from "../errors.ts";
import { parseObject } from "../json.ts";
import { requireOwn } from "../owned-file.ts";
import { makeFolder, REGISTRATION_FILE } from "../store/folder.ts";
import { Lock } from "../store/lock.ts";
import { type Entry, hasSet, keyOf, parseRecord, recordOf } from "./entry.ts";
import { Neighbors } from "./neighbors.ts";

const LOCK_FILE = ".wa-hook/registration.lock";

/** The entries of a folder's record; empty without a record. Throws a `UsageError` when it cannot be read. */
export function readEntries(cwd: string): Entry[] {
  const file = join(cwd, REGISTRATION_FILE);
  const text = readText(file);
  const entries = text === undefined ? [] : parseRecord(parseObject(text));
  if (entries !== undefined) return entries;
  throw new UsageError(`${file} is not supported by this version of wa-hook`, { ...REPAIR });
}

const REPAIR = {
  code: "registration.unreadable",
  hint: "update wa-hook; or run wa-hook webhook status, repair the callback with wa-hook webhook set, and delete the file",
};

function readText(file: string): string | undefined {
  requireOwn(dirname(file));
  requireOwn(file, { secret: true });
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    throw new UsageError(`cannot read ${file}: ${reasonOf(error)}`, { ...REPAIR, cause: error });
  }
}

/** Whether a process has the record of this folder open. */
export async function isOpen(cwd: string): Promise<boolean> {
  return existsSync(join(cwd, LOCK_FILE)) && Lock.isHeld(join(cwd, LOCK_FILE));
}

export class Journal implements Disposable {
  readonly #cwd: string;
  readonly #lock: Lock;
  readonly #neighbors: Neighbors;
  #entries: readonly Entry[];
  #listed = false;

  private constructor(cwd: string, lock: Lock, neighbors: Neighbors) {
    this.#cwd = cwd;
    this.#lock = lock;
    this.#neighbors = neighbors;
    this.#entries = readEntries(cwd);
  }

  /** Returns `undefined` when another process has it open. `state` is the user's state folder, shared by all working folders. */
  static async open(cwd: string, state: string | undefined): Promise<Journal | undefined> {
    makeFolder(cwd);
    const lock = await Lock.acquire(join(cwd, LOCK_FILE));
    if (lock === undefined) return undefined;
    try {
      return new Journal(cwd, lock, new Neighbors(state, cwd));
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  /** Oldest first. */
  get entries(): readonly Entry[] {
    return this.#entries;
  }

  /** Adds the entry or replaces the one with its id. It is on disk when this returns. */
  put(entry: Entry): Entry {
    if (!this.#listed) this.#neighbors.add();
    this.#listed = true;
    const known = this.#entries.some(({ id }) => id === entry.id);
    this.#write(known ? this.#entries.map((each) => (each.id === entry.id ? entry : each)) : [...this.#entries, entry]);
    return entry;
  }

  /** Deletes the entry. */
  remove({ id }: Entry): void {
    this.#write(this.#entries.filter((each) => each.id !== id));
    if (this.#entries.length > 0) return;
    this.#neighbors.remove();
    this.#listed = false;
  }

  /** The entries of this user's other folders for the same callback. Unreadable records are skipped. */
  others(about: Entry): { folder: string; entry: Entry }[] {
    const key = keyOf(about);
    return this.#neighbors.folders().flatMap((folder) => {
      const entries = entriesOfNeighbor(folder).filter((each) => keyOf(each) === key);
      return entries.map((entry) => ({ folder, entry }));
    });
  }

  /** Whether a running listener in another folder registered this URL and will restore the original. */
  async isAlive(url: string, about: Entry): Promise<boolean> {
    const known = this.others(about).filter(({ entry }) => hasSet(entry, url) && !isEnding(entry));
    for (const { folder } of known) if (await isOpen(folder)) return true;
    return false;
  }

  close(): void {
    this.#lock.release();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #write(entries: readonly Entry[]): void {
    const file = join(this.#cwd, REGISTRATION_FILE);
    if (entries.length === 0) rmSync(file, { force: true });
    else replaceFile(file, `${JSON.stringify(recordOf(entries), undefined, 2)}\n`);
    this.#entries = entries;
  }
}

function isEnding({ ending, lasting }: Entry): boolean {
  return ending === true || lasting === true;
}

function entriesOfNeighbor(folder: string): Entry[] {
  try {
    return readEntries(folder);
  } catch (error) {
    if (error instanceof UsageError) return [];
    throw error;
  }
}
