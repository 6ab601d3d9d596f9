/** The example projects: they run as a reader would run them, with the built package. jest's needs `npm run witnesses`. */
import { cpSync, mkdirSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";

import { expect, test } from "vitest";

import { run } from "../support/program.ts";
import { temporaryFolder } from "../support/world.ts";

/** The folder of one example in a copy of all of them, with these packages installed. */
export function exampleProject(name: string, packages: readonly string[]): string {
  const folder = temporaryFolder();
  cpSync("test/apps/examples", folder, { recursive: true });
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(resolve("."), join(folder, "node_modules", "wa-hook"), "junction");
  for (const each of packages)
    symlinkSync(resolve("node_modules", each), join(folder, "node_modules", each), "junction");
  return join(folder, name);
}

// A runner inside a runner must not take the outer one's settings.
const { VITEST: _vitest, NODE_ENV: _mode, VITEST_POOL_ID: _pool, VITEST_WORKER_ID: _worker, ...env } = process.env;

test.each([
  ["vitest", ["node_modules/vitest/vitest.mjs", "run", "--reporter", "verbose"]],
  ["node-test", ["--test", "--test-reporter", "tap"]],
])("the example for %s passes, contract included", { timeout: 60_000 }, async (name, args) => {
  const cwd = exampleProject(name, ["vitest"]);
  const program = run([process.execPath, ...args.map((each) => each.replace(/^node_modules/, "../node_modules"))], {
    cwd,
    env,
  });
  const code = await program.exit;
  const printed = program.stdout.text + program.stderr.text;
  expect(code, printed).toBe(0);
  expect(printed).toContain("a text is marked as read and repeated");
  expect(printed).toContain("webhook contract");
});

test("the examples have the types of the matchers", async () => {
  const cwd = exampleProject("vitest", ["vitest", "@types", "undici-types"]);
  const options = ["--noEmit", "--strict", "--skipLibCheck", "--allowJs", "--module", "nodenext", "--target", "es2023"];
  const compiled = run([process.execPath, resolve("node_modules/typescript/bin/tsc"), ...options, "bot.test.ts"], {
    cwd,
  });
  expect([await compiled.exit, compiled.stdout.text]).toEqual([0, ""]);
});
