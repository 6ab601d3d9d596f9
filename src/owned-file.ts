/** Whether a file or folder is this person's own, before anything in it is trusted or added to. */
import { lstatSync, type Stats } from "node:fs";

import { systemCode, UsageError } from "./errors.ts";

const WRITABLE_BY_OTHERS = 0o022;
const OPEN_TO_OTHERS = 0o077;

interface Demand {
  /** It holds secrets or instructions that only wa-hook writes (mode 0600), so that others may not even read it. */
  secret?: boolean;
}

/**
 * Returns when `path` does not exist or can be trusted. Throws a `UsageError` when it is a symbolic link, belongs to somebody else or can be
 * written by others. Modes and owners are those of POSIX; on Windows only links are refused.
 */
export function requireOwn(path: string, { secret = false }: Demand = {}): void {
  const problem = problemWith(statOf(path), secret);
  if (problem === undefined) return;
  throw new UsageError(`${path} ${problem.reason}, so it is not used`, {
    code: "file.not-own",
    hint: problem.fix(path),
  });
}

interface Problem {
  reason: string;
  fix(path: string): string;
}

function problemWith(found: Stats | undefined, secret: boolean): Problem | undefined {
  if (found === undefined) return undefined;
  if (found.isSymbolicLink()) {
    return {
      reason: "is a symbolic link",
      fix: (path) => `remove the link with rm ${path}; --store names a store in another folder`,
    };
  }
  if (process.getuid === undefined) return undefined;
  if (!owners().includes(found.uid)) {
    return {
      reason: `belongs to another user (uid ${found.uid}, you are ${process.getuid()})`,
      fix: (path) => `check what is in it, then remove it or run chown on it: ${path}`,
    };
  }
  if ((found.mode & WRITABLE_BY_OTHERS) !== 0) {
    return { reason: "can be written by other users", fix: (path) => `check what is in it, then chmod go-w ${path}` };
  }
  if (secret && (found.mode & OPEN_TO_OTHERS) !== 0) {
    return {
      reason: "can be read by other users, and wa-hook never makes it so: it may have come with a cloned folder",
      fix: (path) => `remove it, or check what is in it and chmod 600 ${path}`,
    };
  }
  return undefined;
}

/** Whose files are trusted: this user's, and with sudo those of the person who typed it. */
function owners(): number[] {
  const user = process.getuid?.() ?? 0;
  const sudoer = user === 0 ? Number(process.env["SUDO_UID"] ?? Number.NaN) : Number.NaN;
  return Number.isInteger(sudoer) ? [user, sudoer] : [user];
}

function statOf(path: string): Stats | undefined {
  try {
    return lstatSync(path);
  } catch (error) {
    // What cannot be examined cannot be opened either, and is reported there.
    if (["ENOENT", "ENOTDIR", "EACCES"].includes(systemCode(error) ?? "")) return undefined;
    throw error;
  }
}
