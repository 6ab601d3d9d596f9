/** The example project for jest, which `npm run witnesses` installs because of its size (55 MB). */
import { cpSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

import { expect, test } from "vitest";

import { exampleProject, outsideRunner } from "../../support/example-project.ts";
import { run } from "../../support/program.ts";

const from = join(process.env["WITNESSES"] ?? "", "node_modules");

test("the example for jest passes, its contract included", { timeout: 60_000 }, async () => {
  const cwd = exampleProject("jest", [], from);
  const env = { ...outsideRunner(), NODE_OPTIONS: "--experimental-vm-modules" };
  const program = run([process.execPath, join(from, "jest/bin/jest.js"), "--verbose"], { cwd, env });
  const code = await program.exit;
  expect(code, program.stderr.text).toBe(0);
  for (const shown of ["a text is marked as read and repeated", "webhook contract", "Certificate: not checked"]) {
    expect(program.stderr.text + program.stdout.text).toContain(shown);
  }
});

test("the expect of @jest/globals has the types of the matchers", async () => {
  const cwd = exampleProject("jest", ["@jest/globals", "@jest/types", "@jest/expect", "expect", "@types"], from);
  // A copy instead of a link: the types of `expect` are looked for beside it.
  const installed = join(cwd, "../node_modules/wa-hook");
  rmSync(installed);
  cpSync("dist/types", join(installed, "dist/types"), { recursive: true });
  cpSync("package.json", join(installed, "package.json"));
  const lines = [
    'import { expect } from "@jest/globals";',
    'import { startEmulator } from "wa-hook";',
    'import "wa-hook/jest";',
    "const emulator = await startEmulator();",
    'expect(emulator).toHaveSentText("Hello", { to: "16505551234" });',
    'await expect(emulator).not.toEventuallySend({ type: "image", within: 100 });',
    "// @ts-expect-error a text is needed",
    "expect(emulator).toHaveSentText();",
  ];
  writeFileSync(join(cwd, "types.ts"), lines.join("\n"));
  const options = ["--noEmit", "--strict", "--skipLibCheck", "--module", "nodenext", "--target", "es2023", "types.ts"];
  const compiled = run([process.execPath, resolve("node_modules/typescript/bin/tsc"), ...options], { cwd });
  expect([await compiled.exit, compiled.stdout.text]).toEqual([0, ""]);
});
