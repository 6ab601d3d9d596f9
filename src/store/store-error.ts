/** What SQLite or the system refused, in words. */
import { reasonOf, systemCode, UsageError } from "../errors.ts";

/** The error as a `UsageError` with what to do about it; one that is not known stays what it was. */
export function explainStore(error: unknown, file: string): unknown {
  const code = systemCode(error) ?? "";
  const text = reasonOf(error);
  const usage = (message: string, name: string, hint: string) =>
    new UsageError(message, { code: `store.${name}`, hint, cause: error });
  if (code === "SQLITE_NOTADB" || code.startsWith("SQLITE_CORRUPT")) {
    const hint = "move it away or name another file with --store; it was left as it is";
    return usage(`${file} is damaged or is not a wa-hook store`, "corrupt", hint);
  }
  if (code === "SQLITE_FULL" || code.startsWith("SQLITE_IOERR")) {
    return usage(
      `${file} cannot be written: ${text}`,
      "full",
      "free some space on that disk, or name another file with --store",
    );
  }
  if (code.startsWith("SQLITE_BUSY")) {
    return usage(`${file} is locked by another program`, "busy", "end that program, or name another file with --store");
  }
  if (["EACCES", "EPERM", "EROFS"].includes(code) || code.startsWith("SQLITE_READONLY")) {
    return usage(`${file} is read-only`, "read-only", "make it writable, or name another file with --store");
  }
  if (["ENOENT", "ENOTDIR", "EISDIR"].includes(code) || /unable to open/i.test(text)) {
    return usage(`${file} cannot be opened: ${text}`, "unopenable", "name a file in a folder that exists with --store");
  }
  return error;
}
