/** Runs a program that shares the streams of this process, and passes signals on to it. */
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { isatty } from "node:tty";

import { reasonOf, systemCode, UsageError } from "../errors.ts";

export interface RunOptions {
  cwd: string;
  /** The complete environment of the program. */
  env: Readonly<Record<string, string | undefined>>;
  /** Its reason is the name of the signal to pass on. */
  signal: AbortSignal;
  /** At the second Ctrl-C the program is killed. */
  force: AbortSignal;
}

/**
 * Resolves with the exit code of the program; 128 and the number of the signal that ended it, as in a shell. Throws a `UsageError` when it
 * cannot be started.
 */
export async function runProgram(command: readonly string[], { cwd, env, signal, force }: RunOptions): Promise<number> {
  const [file = "", ...args] = command;
  // On Windows npm is a script, which only a shell can start.
  const child = spawn(file, args, { cwd, env, stdio: "inherit", shell: process.platform === "win32" });
  const pass = (): void => {
    const name = typeof signal.reason === "string" ? signal.reason : "SIGTERM";
    // The terminal sends Ctrl-C to the program itself, which would get it twice.
    if (name === "SIGINT" && isatty(0)) return;
    child.kill(name in constants.signals ? (name as NodeJS.Signals) : "SIGTERM");
  };
  const kill = (): void => void child.kill("SIGKILL");
  signal.addEventListener("abort", pass, { once: true });
  force.addEventListener("abort", kill, { once: true });
  if (signal.aborted) pass();
  try {
    return await new Promise<number>((resolve, reject) => {
      child.once("error", (error) => reject(unstartable(file, error)));
      child.once("close", (code, ended) => resolve(code ?? 128 + (constants.signals[ended ?? "SIGTERM"] ?? 0)));
    });
  } finally {
    signal.removeEventListener("abort", pass);
    force.removeEventListener("abort", kill);
  }
}

function unstartable(file: string, cause: Error): UsageError {
  const reason = systemCode(cause) === "ENOENT" ? "no such program" : reasonOf(cause);
  return new UsageError(`cannot run ${file}: ${reason}`, {
    code: "exec.program",
    hint: "for a line with pipes or variables, use a shell: wa-hook exec -- sh -c '…'",
    cause,
  });
}
