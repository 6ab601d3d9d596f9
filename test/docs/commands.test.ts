/** The commands in the guides exist, with their flags. */
import { expect, test } from "vitest";

import { commands } from "../../src/commands/index.ts";
import { fieldsOf } from "../../src/terminal/command.ts";
import { guideLines } from "./guide-lines.ts";

const EVERYWHERE = ["--json", "--quiet", "--env-file", "--no-color", "--help"];
test("every command in the guides exists and has each of its flags", async () => {
  expect(guideLines.length).toBeGreaterThan(25);
  for (const { page, line } of guideLines) {
    const typed = line.replace(/ -- .*$/, "");
    const flags = [...typed.matchAll(/(?<=\s)--[a-z][a-z-]*/g)].map(([flag]) => flag);
    const found = commands
      .filter(({ name }) => `${typed} `.startsWith(`${name} `))
      .toSorted((one, other) => other.name.length - one.name.length)[0];
    expect(found?.name, `${page}: wa-hook ${line}`).toBeDefined();
    const command = await found?.load();
    const known = command === undefined ? [] : fieldsOf(command).map(({ usage }) => usage.split(" ")[0]);
    for (const flag of flags) expect([...EVERYWHERE, ...known], `${page}: wa-hook ${line}`).toContain(flag);
  }
});
