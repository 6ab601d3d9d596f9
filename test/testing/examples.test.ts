/** The example projects run as a reader would run them, with the built package. `npm run witnesses` runs the one for jest. */
import { resolve } from "node:path";

import { expect, test } from "vitest";

import { exampleProject, outsideRunner } from "../support/example-project.ts";
import { run } from "../support/program.ts";

test.each([
  ["vitest", ["../node_modules/vitest/vitest.mjs", "run", "--reporter", "verbose"]],
  ["node-test", ["--test", "--test-reporter", "tap"]],
])("the example for %s passes, its contract included", { timeout: 60_000 }, async (name, args) => {
  const cwd = exampleProject(name, ["vitest"]);
  const program = run([process.execPath, ...args], { cwd, env: outsideRunner() });
  const code = await program.exit;
  const printed = program.stdout.text + program.stderr.text;
  expect(code, printed).toBe(0);
  for (const shown of ["a text is marked as read and repeated", "webhook contract", "Duplicate answered once"]) {
    expect(printed).toContain(shown);
  }
});

test("vitest's expect has the types of the matchers", async () => {
  const cwd = exampleProject("vitest", ["vitest", "@types", "undici-types"]);
  const options = ["--noEmit", "--strict", "--skipLibCheck", "--allowJs", "--module", "nodenext", "--target", "es2023"];
  const compiled = run([process.execPath, resolve("node_modules/typescript/bin/tsc"), ...options, "bot.test.ts"], {
    cwd,
  });
  expect([await compiled.exit, compiled.stdout.text]).toEqual([0, ""]);
});
