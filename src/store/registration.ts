/** What was registered from this working folder, and what was there before: written down before Meta is told, gone when it is put back. */
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { reasonOf, systemCode, UsageError } from "../errors.ts";
import { requireOwn } from "../owned-file.ts";
import { makeFolder, REGISTRATION_FILE } from "./folder.ts";

/** As it is on disk. `Before` is what whoever registers needs to put it back. */
export interface Registered<Before> {
  /** The callback URL that was registered. */
  url: string;
  /** Where Meta was. */
  graphUrl: string;
  before: Before;
  /** The process that will put it back; nothing when a person will. */
  pid?: number;
}

/** What is written down; nothing when there is none. Throws a `UsageError` for a file that cannot be read. */
export function readRegistration<Before>(cwd: string): Registered<Before> | undefined {
  const file = join(cwd, REGISTRATION_FILE);
  requireOwn(dirname(file));
  requireOwn(file, { secret: true });
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Registered<Before>;
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    throw new UsageError(`${file} cannot be read: ${reasonOf(error)}`, {
      code: "registration.unreadable",
      hint: "look with wa-hook webhook status what Meta has, put it right with wa-hook webhook set, and delete the file",
      cause: error,
    });
  }
}

/** On the disk, whole, before it returns. */
export function writeRegistration<Before>(cwd: string, registered: Registered<Before>): void {
  makeFolder(cwd);
  const file = join(cwd, REGISTRATION_FILE);
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(registered, undefined, 2)}\n`, { mode: 0o600, flush: true });
  renameSync(draft, file);
}

export function forgetRegistration(cwd: string): void {
  rmSync(join(cwd, REGISTRATION_FILE), { force: true });
}

/** Whether the process that registered still runs. */
export function isRunning({ pid }: Pick<Registered<unknown>, "pid">): boolean {
  if (pid === undefined || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process is one all the same.
    return systemCode(error) === "EPERM";
  }
}
