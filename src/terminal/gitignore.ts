/** Whether git ignores an env file, and the line in `.gitignore` that makes it do so. */
import { spawnSync } from "node:child_process";
import { appendFileSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

import { reasonOf, systemCode, UsageError } from "../errors.ts";
import type { World } from "./world.ts";

/** `untracked`: git would add the file. `tracked`: ignoring it has no effect. `safe`: it is ignored, or there is no git repository. */
export type GitStatus = "safe" | "untracked" | "tracked";

export function gitStatusOf(path: string, { env }: World): GitStatus {
  const git = (...args: string[]) =>
    spawnSync("git", [...args, "--", basename(path)], { cwd: dirname(path), env: { ...env }, stdio: "ignore" }).status;
  if (git("ls-files", "--error-unmatch") === 0) return "tracked";
  // Status 0 is ignored and 1 is not. Any other status means that there is no repository or no git.
  return git("check-ignore", "--quiet") === 1 ? "untracked" : "safe";
}

/** Why secrets in `file` could end up in git's history, and what to do; nothing when they could not. */
export function gitProblem(file: string, status: GitStatus): { problem: string; fix: string } | undefined {
  switch (status) {
    case "safe":
      return undefined;
    case "untracked":
      return { problem: `${file} is not ignored by git`, fix: "add it to .gitignore before you commit" };
    case "tracked":
      return {
        problem: `${file} is tracked by git`,
        fix: `run git rm --cached ${file}, then replace the secrets: the old ones stay in git's history`,
      };
  }
}

/** Adds the env file to the `.gitignore` in its folder. */
export function addToGitignore(path: string): void {
  const file = join(dirname(path), ".gitignore");
  try {
    const content = read(file);
    appendFileSync(file, `${content === "" || content.endsWith("\n") ? "" : "\n"}${basename(path)}\n`);
  } catch (cause) {
    throw new UsageError(`cannot write ${file}: ${reasonOf(cause)}`, {
      code: "gitignore.unwritable",
      hint: `add the line ${basename(path)} to it before you commit`,
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
