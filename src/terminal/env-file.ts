/** Writes settings into an env file: its other lines and comments stay as they are, and nobody else may read it afterwards. */
import { readFileSync, realpathSync, statSync } from "node:fs";
import { isDeepStrictEqual, parseEnv } from "node:util";

import { replaceFile } from "../durable-file.ts";
import { reasonOf, systemCode, UsageError } from "../errors.ts";

/** What else was changed about the file. */
export interface SavedEnv {
  /** Other users could read or write it, and no longer can. */
  madePrivate: boolean;
}

const OPEN_TO_OTHERS = 0o077;

/** The notice about a file that was `madePrivate`. */
export function madePrivateText(file: string): string {
  return `Other users could access ${file}; now only you can (mode 600)`;
}

/**
 * Sets each name in `file`, which is created (0600) when it does not exist; other users lose their access to one that does. It is on the disk
 * when this returns. Throws a `UsageError` when it cannot be written, or when a value could not be read back.
 */
export function saveEnv(file: string, values: Readonly<Record<string, string>>): SavedEnv {
  const before = read(file);
  const text = Object.entries(values).reduce((lines, [name, value]) => set(lines, name, value), before ?? "");
  // Quotes that do not end make lines of other settings out of it.
  if (!isDeepStrictEqual({ ...parseEnv(text) }, { ...parseEnv(before ?? ""), ...values })) {
    throw unwritable(file, "its quotes do not end where they should, so it cannot be changed safely");
  }
  try {
    // Through a link to the file itself; and never a half-written file in its place.
    const target = before === undefined ? file : realpathSync(file);
    const mode = before === undefined ? 0o600 : statSync(target).mode & 0o777;
    replaceFile(target, text, mode & ~OPEN_TO_OTHERS);
    return { madePrivate: process.platform !== "win32" && (mode & OPEN_TO_OTHERS) !== 0 };
  } catch (error) {
    throw unwritable(file, reasonOf(error), error);
  }
}

/** The settings in a file; none when it is not there. */
export function readEnv(file: string): Readonly<Record<string, string | undefined>> {
  return parseEnv(read(file) ?? "");
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    throw unwritable(file, reasonOf(error), error);
  }
}

function unwritable(file: string, reason: string, cause?: unknown): UsageError {
  return new UsageError(`${file} cannot be written: ${reason}`, {
    code: "env-file.unwritable",
    hint: "name a file that may be written to",
    cause,
  });
}

/** Replaces the last line that sets the name, which is the one that counts, or adds one at the end. */
function set(text: string, name: string, value: string): string {
  const end = text.includes("\r\n") ? "\r\n" : "\n";
  const lines = [...text.matchAll(new RegExp(`^([ \\t]*(?:export[ \\t]+)?${name}[ \\t]*=[ \\t]*)(${VALUE})`, "gm"))];
  const last = lines.at(-1);
  if (last !== undefined) {
    const [whole, start] = last;
    return `${text.slice(0, last.index)}${start}${value}${text.slice(last.index + whole.length)}`;
  }
  return `${text}${text === "" || text.endsWith("\n") ? "" : end}${name}=${value}${end}`;
}

/** A value as env files write it: in quotes, where it may go over several lines, or up to a comment or the line's end. */
const VALUE = `"[^"]*"|'[^']*'|\`[^\`]*\`|[^\\s#"'\`][^\\r\\n#]*?(?=[ \\t]*(?:#|\\r?$))|(?=[ \\t]*(?:#|\\r?$))`;
