/** Whether git would take the env file along, and the line that keeps it from doing so. */
import { spawnSync } from "node:child_process";
import { appendFileSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

import { reasonOf, systemCode, UsageError } from "../../errors.ts";
import type { World } from "../../terminal/world.ts";

/** `open`: git would add it. `tracked`: it has it already, so that ignoring does not help. `safe`: ignored, or there is no git here. */
export type Standing = "safe" | "open" | "tracked";

export function standingInGit(path: string, { env }: World): Standing {
  const git = (...args: string[]) =>
    spawnSync("git", [...args, "--", basename(path)], { cwd: dirname(path), env: { ...env }, stdio: "ignore" }).status;
  if (git("ls-files", "--error-unmatch") === 0) return "tracked";
  // 0 is ignored, 1 is not, anything else is that there is no work tree or no git.
  return git("check-ignore", "--quiet") === 1 ? "open" : "safe";
}

/** Adds the env file to the `.gitignore` beside it. */
export function ignore(path: string): void {
  const file = join(dirname(path), ".gitignore");
  try {
    const before = read(file);
    appendFileSync(file, `${before === "" || before.endsWith("\n") ? "" : "\n"}${basename(path)}\n`);
  } catch (cause) {
    throw new UsageError(`${file} cannot be written: ${reasonOf(cause)}`, {
      code: "gitignore.unwritable",
      hint: `add the line ${basename(path)} to it, before you commit`,
      cause,
    });
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (systemCode(error) === "ENOENT") return "";
    throw error;
  }
}
