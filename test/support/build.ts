/** Builds dist/ once before the tests: some of them run the program as people will. */
import { execFileSync } from "node:child_process";

export function setup(): void {
  execFileSync(process.execPath, ["build.js"], { stdio: "inherit" });
}
