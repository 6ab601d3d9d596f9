/** Replaces a file so that after a crash or a power cut it holds either the old text or the new one, whole. */
import { randomBytes } from "node:crypto";
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** The text is on the disk when this returns. `mode` is that of the new file. Throws the errors of the file system. */
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
