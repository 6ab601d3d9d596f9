/** Explains errors of SQLite and the file system. */
import { reasonOf, systemCode, UsageError } from "../../errors.ts";

/** The error as a `UsageError` with a hint; unknown errors are returned unchanged. */
export function explainStore(error: unknown, file: string): unknown {
  const code = systemCode(error) ?? "";
  const text = reasonOf(error);
  const usage = (message: string, name: string, hint: string) =>
    new UsageError(message, { code: `store.${name}`, hint, cause: error });
  if (code === "SQLITE_NOTADB" || code.startsWith("SQLITE_CORRUPT")) {
    const hint = "move it away, or set another file with --store; it was not changed";
    return usage(`${file} is damaged or not a wa-hook store`, "corrupt", hint);
  }
  if (code === "SQLITE_FULL" || code.startsWith("SQLITE_IOERR")) {
    return usage(`cannot write ${file}: ${text}`, "full", "free disk space, or set another file with --store");
  }
  if (code.startsWith("SQLITE_BUSY")) {
    return usage(`${file} is locked by another program`, "busy", "stop that program, or set another file with --store");
  }
  if (["EACCES", "EPERM", "EROFS"].includes(code) || code.startsWith("SQLITE_READONLY")) {
    return usage(`${file} is read-only`, "read-only", "make it writable, or set another file with --store");
  }
  if (["ENOENT", "ENOTDIR", "EISDIR"].includes(code) || /unable to open/i.test(text)) {
    return usage(`cannot open ${file}: ${text}`, "unopenable", "set a file in an existing folder with --store");
  }
  return error;
}

/** Whether another process holds the lock that was needed. */
export function isBusy(error: unknown): boolean {
  return systemCode(error)?.startsWith("SQLITE_BUSY") === true;
}
