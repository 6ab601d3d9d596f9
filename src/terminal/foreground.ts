/** Whether this process is in the foreground of its terminal. A background job that changes or reads the terminal is stopped. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** True where there are no jobs (Windows), and where it cannot be found out. */
export function isForeground(): boolean {
  if (process.platform === "win32") return true;
  try {
    const [group, foreground] = process.platform === "linux" ? fromProc() : fromPs();
    return group === foreground;
  } catch {
    return true;
  }
}

/** The process group, and the one in the foreground of the terminal: fields 5 and 8 of proc(5); the name before them may contain anything. */
function fromProc(): (string | undefined)[] {
  const fields = readFileSync("/proc/self/stat", "utf8")
    .replace(/^.*\) /s, "")
    .split(" ");
  return [fields[2], fields[5]];
}

function fromPs(): (string | undefined)[] {
  const options = { encoding: "utf8" } as const;
  return execFileSync("ps", ["-o", "pgid=,tpgid=", "-p", String(process.pid)], options)
    .trim()
    .split(/\s+/);
}
