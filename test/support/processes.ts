/** Processes of this machine. */
import { readFileSync } from "node:fs";

/** Whether a process runs; one that has ended but was not reaped does not. */
export function isRunning(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) [ZX]/s.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}
