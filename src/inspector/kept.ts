/** A JSON file in `.wa-hook` that belongs to this user: read once, replaced as a whole; without a file, kept in memory. */
import { mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { replaceFile } from "../durable-file.ts";
import { systemCode, UsageError } from "../errors.ts";
import { requireOwn } from "../owned-file.ts";
import { makeFolder } from "../store/folder.ts";

/** Larger files are not ours. */
const MAX_BYTES = 8 * 1024 * 1024;

/** The value in the file at a path below `cwd`; undefined when there is none. Throws a `UsageError` when it is somebody else's or not JSON. */
export function readKept(cwd: string, path: string): unknown {
  const file = join(cwd, path);
  requireOwn(dirname(file));
  requireOwn(file);
  try {
    const bytes = readFileSync(file);
    if (bytes.length > MAX_BYTES) throw unusable(file, "is too large");
    return JSON.parse(bytes.toString("utf8")) as unknown;
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    if (error instanceof SyntaxError) throw unusable(file, "is not JSON");
    throw error;
  }
}

/** Replaces the file (0600). Throws a `UsageError` when it cannot be written. */
export function writeKept(cwd: string, path: string, value: unknown): void {
  const file = join(cwd, path);
  makeFolder(cwd);
  requireOwn(dirname(file));
  requireOwn(file);
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    replaceFile(file, `${JSON.stringify(value, undefined, 2)}\n`);
  } catch (cause) {
    throw new UsageError(`cannot write ${file}`, { code: "inspector.file", hint: "make it writable", cause });
  }
}

function unusable(file: string, what: string): UsageError {
  return new UsageError(`${file} ${what}`, { code: "inspector.file", hint: "delete it to start again" });
}
