/** Writes a report to its file: whole or not at all. */
import { appendFileSync, mkdirSync, realpathSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

import { replaceFile } from "../durable-file.ts";

/** Readable by everyone, as the umask allows: reports hold no secrets, and CI systems collect them as other users. */
const MODE = 0o666;

/** Makes missing folders. A link stays a link, and a pipe or a device is written to. Throws the errors of the file system. */
export function writeReport(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined) replaceFile(file, text, MODE);
  else if (found.isFile()) replaceFile(realpathSync(file), text, MODE);
  else writeFileSync(file, text);
}

/** Appends to a file that other steps write to too. Throws the errors of the file system. */
export function appendReport(file: string, text: string): void {
  appendFileSync(file, text);
}
