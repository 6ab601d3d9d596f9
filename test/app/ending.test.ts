/** The app of `--start` ends with wa-hook, however that ends. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { freePort } from "../support/http.ts";
import { programEnv, waHook } from "../support/program.ts";
import { temporaryFolder } from "../support/world.ts";

/** Ignores SIGTERM, as some programs do, and has a child that does so too. */
const APP = `
const { spawn } = require("node:child_process");
const [kind] = process.argv.slice(2);
process.on("SIGTERM", () => {});
require("node:fs").writeFileSync(kind ?? "app.pid", String(process.pid));
if (kind === undefined) spawn(process.execPath, [__filename, "child.pid"], { stdio: "ignore" });
setInterval(() => {}, 1000);
if (kind === undefined) {
  require("node:http").createServer((request) => request.resume().on("end", () => console.error("got it"))).listen(process.env.PORT, "127.0.0.1");
}
`;

function isRunning(file: string): boolean {
  try {
    return !/^\d+ \(.*\) [ZX]/s.test(readFileSync(`/proc/${readFileSync(file, "utf8")}/stat`, "utf8"));
  } catch {
    return false;
  }
}

test.runIf(process.platform === "linux").each([
  ["a second Ctrl-C", ["SIGINT", "SIGINT"], 130],
  ["SIGTERM, within 5 seconds", ["SIGTERM"], 130],
] as const)("at %s nothing that it started is left", async (_, signals, exitCode) => {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, "app.cjs"), APP);
  const argv = ["replay", "text", "--start", "node app.cjs", "--to", String(await freePort()), "--timeout", "60s"];
  const program = waHook(argv, { cwd, env: programEnv });
  const files = ["app.pid", "child.pid"].map((file) => join(cwd, file));
  while (!files.every(isRunning)) await new Promise((resolve) => setImmediate(resolve));
  // The app answers no request, so the wait for it goes on until the signal.
  for (const [index, signal] of signals.entries()) {
    if (index > 0) await new Promise((resolve) => setTimeout(resolve, 300));
    program.process.kill(signal);
  }
  expect(await program.exit).toBe(exitCode);
  // A killed process needs a moment to end.
  await expect.poll(() => files.map(isRunning), { timeout: 2000 }).toEqual([false, false]);
});
