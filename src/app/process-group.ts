/** A process group: the shell of a command and everything that it started. */
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** How long a group has to end by itself after SIGTERM, in milliseconds. */
const GRACE_MS = 5000;
const POLL_MS = 20;
const KILLED_MS = 1000;

/** Sends SIGTERM to the group with this leader, SIGKILL after 5 s, and resolves when none of its processes runs. */
export async function endGroup(leader: number): Promise<void> {
  if (process.platform === "win32") return killGroup(leader);
  signalGroup(leader, "SIGTERM");
  if (await isGone(leader, GRACE_MS)) return;
  signalGroup(leader, "SIGKILL");
  await isGone(leader, KILLED_MS);
}

/** Ends the group at once, for the moment in which this process exits. */
export function killGroup(leader: number): void {
  if (process.platform === "win32") {
    spawnSync("taskkill", ["/pid", String(leader), "/T", "/F"], { stdio: "ignore", windowsHide: true });
  } else signalGroup(leader, "SIGKILL");
}

function signalGroup(leader: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-leader, signal);
  } catch {
    // No process is left, or none that may be signaled.
    return false;
  }
}

async function isGone(leader: number, ms: number): Promise<boolean> {
  const deadline = performance.now() + ms;
  while (isRunning(leader)) {
    if (performance.now() > deadline) return false;
    await sleep(POLL_MS);
  }
  return true;
}

function isRunning(leader: number): boolean {
  if (!signalGroup(leader, 0)) return false;
  // In a container whose first process reaps nothing, ended processes stay in their group forever.
  return process.platform !== "linux" || readdirSync("/proc").some((id) => isMember(id, leader));
}

/** Whether a process is in the group and has not ended: the state and the group are the fields 3 and 5 of proc(5). */
function isMember(id: string, leader: number): boolean {
  if (!/^\d+$/.test(id)) return false;
  try {
    const fields = readFileSync(`/proc/${id}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    return Number(fields[2]) === leader && fields[0] !== "Z" && fields[0] !== "X";
  } catch {
    return false;
  }
}
