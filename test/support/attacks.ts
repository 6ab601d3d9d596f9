/** Attacks on the built program: what each one did before it was closed, and what it does now. `npm run attacks` prints the table. */
import { appendFileSync, existsSync, readFileSync } from "node:fs";

/** One row of the table. Memory in MB, times in seconds, each with its unit. */
interface Row {
  /** What the attacker does: `12 connections send 1-byte chunks`. */
  attack: string;
  /** What came of it before: `7.6 GB resident`. */
  before: string;
  /** What comes of it now, as measured by this run. */
  after: string;
}

/** The file that collects the rows of one run. */
export const ROWS = "WA_HOOK_ATTACK_ROWS";

/** Adds a row to the table at the end of the run. */
export function reportAttack(row: Row): void {
  const file = process.env[ROWS];
  if (file !== undefined) appendFileSync(file, `${JSON.stringify(row)}\n`);
}

/** Whether the memory of another process can be read here. */
export const CAN_MEASURE_MEMORY = existsSync("/proc/self/status");

/** The largest resident memory that a process has had, in MB. */
export function peakMemoryOf(pid: number): number {
  return memory(pid, "VmHWM");
}

function memory(pid: number, name: string): number {
  const [, kilobytes] =
    new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Math.round(Number(kilobytes) / 1024);
}
