/** Files that are whole at every moment: replaced, or created once, through a draft beside them. */
import { randomBytes } from "node:crypto";
import { closeSync, fsyncSync, linkSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

import { systemCode } from "./errors.ts";

/**
 * Replaces a file, which after a crash or a power cut holds either the old text or the new one. The text is on the disk when this
 * returns. `mode` is that of the new file. Throws the errors of the file system.
 */
export function replaceFile(file: string, text: string, mode = 0o600): void {
  const draft = `${file}.${randomBytes(6).toString("hex")}`;
  try {
    writeFileSync(draft, text, { flag: "wx", mode, flush: true });
    renameSync(draft, file);
    flushFolder(dirname(file));
  } finally {
    rmSync(draft, { force: true });
  }
}

/**
 * Creates a file (0600) unless it exists: of concurrent processes one wins, and all read the same text. Throws the errors of the file
 * system.
 */
export function createFileOnce(file: string, text: string): void {
  const draft = `${file}.${randomBytes(6).toString("hex")}`;
  try {
    writeFileSync(draft, text, { flag: "wx", mode: 0o600 });
    link(draft, file);
  } finally {
    rmSync(draft, { force: true });
  }
}

function link(draft: string, file: string): void {
  try {
    linkSync(draft, file);
  } catch (error) {
    // Some file systems have no links.
    if (systemCode(error) !== "EEXIST") renameSync(draft, file);
  }
}

/** A rename survives a power cut only when the folder is on the disk too. Windows does not open folders. */
function flushFolder(folder: string): void {
  if (process.platform === "win32") return;
  const descriptor = openSync(folder, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
