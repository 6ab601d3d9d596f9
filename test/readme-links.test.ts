/** What the README refers to exists: files, sections, commands, scripts of the package. */
import { existsSync, readFileSync } from "node:fs";

import { expect, test } from "vitest";

import { commands } from "../src/commands/index.ts";

const README = readFileSync("README.md", "utf8");

test("links to files and to sections of the README lead somewhere", () => {
  const anchors = new Set(
    [...README.matchAll(/^#+ (.*)$/gm)].map(([, title = ""]) => `#${title.toLowerCase().replaceAll(" ", "-")}`),
  );
  for (const [, target = ""] of README.matchAll(/\]\((?!https?:)([^)]+)\)/g)) {
    if (target.startsWith("#")) expect([...anchors]).toContain(target);
    else expect(existsSync(target.replace(/#.*$/, "")), target).toBe(true);
  }
});

test("every command in the table of commands exists, and the table has all", () => {
  const [, table = ""] = /## Commands\n(.*?)\n## /s.exec(README) ?? [];
  const listed = [...table.matchAll(/^\| (.*?) +\|/gm)].flatMap(([, cell = ""]) => namesIn(cell));
  const send = namesIn(/^\| `wa-hook send <kind>`.*$/m.exec(table)?.[0] ?? "").slice(1);
  const expected = commands.map(({ name }) => name);
  expect(new Set([...listed, ...send.map((kind) => `send ${kind}`)])).toEqual(new Set([...expected, "send <kind>"]));
});

test("the commands for a clone are scripts of the package, and the first one listens", () => {
  const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as { scripts: Record<string, string> };
  const [, section = ""] = /### From a clone\n(.*?)\n## /s.exec(README) ?? [];
  for (const line of ["npm ci && npm start", "npm ci && npm test"]) expect(section).toContain(line);
  expect(scripts["start"]).toMatch(/build && node bin\/wa-hook\.js listen$/);
  expect(scripts["test"]).toContain("vitest run");
});

/** `wa-hook events list`, `show` → events list, events show; `wa-hook token`, `token exchange` → token, token exchange. */
function namesIn(cell: string): string[] {
  const [first = "", ...rest] = [...cell.matchAll(/`(?:wa-hook )?([^`]+)`/g)].map(([, name = ""]) => name);
  if (first === "" || first.includes("<")) return first === "" ? [] : [first, ...rest];
  const noun = first.split(" ")[0] ?? "";
  const isGroup = first.includes(" ");
  return [first, ...rest.map((name) => (isGroup && !name.startsWith(`${noun} `) ? `${noun} ${name}` : name))];
}
