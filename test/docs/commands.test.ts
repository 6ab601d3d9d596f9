/** The commands in the guides exist, with their flags, and print what is shown. */
import { readdirSync, readFileSync } from "node:fs";

import { expect, test } from "vitest";

import { commands } from "../../src/commands/index.ts";
import { fieldsOf } from "../../src/terminal/command.ts";
import { guideLines, shownLines } from "./guide-lines.ts";

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

test("what the guides show of a terminal is in the README or in a transcript", () => {
  const transcripts = readdirSync("test/transcripts").map((file) => readFileSync(`test/transcripts/${file}`, "utf8"));
  const printed = new Set(
    [readFileSync("README.md", "utf8"), ...transcripts].join("\n").replaceAll("(stderr) ", "").split("\n"),
  );
  expect(shownLines.length).toBeGreaterThan(10);
  for (const { page, line } of shownLines) expect(printed.has(line), `${page}: ${line}`).toBe(true);
});
