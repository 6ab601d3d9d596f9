/** The pytest package, where Python and pytest are installed. */
import { spawnSync } from "node:child_process";
import { resolve } from "node:path";

import { expect, test } from "vitest";

import { BIN, run } from "../support/program.ts";

const folder = resolve("integrations/pytest");
const python = process.platform === "win32" ? "python" : "python3";
const { status, stderr } = spawnSync(python, ["-c", "import pytest, sys; sys.exit(sys.version_info < (3, 9))"], {
  encoding: "utf8",
});
if (status !== 0) console.warn(`the pytest package is not tested: ${stderr || `no ${python} with pytest`}`);

test.skipIf(status !== 0)(
  "a bot in Python is tested with the emulator and by its contract",
  { timeout: 120_000 },
  async () => {
    const env = {
      ...process.env,
      PYTHONPATH: folder,
      PYTHONDONTWRITEBYTECODE: "1",
      WA_HOOK: `"${process.execPath}" "${BIN}"`,
    };
    const args = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "pytest_wa_hook", "tests"];
    const program = run([python, ...args], { cwd: folder, env });
    expect([await program.exit, program.stderr.text]).toEqual([0, ""]);
    expect(program.stdout.text).toContain(" passed");
  },
);
