/** The help of the program and of every command, in one golden file. */
import { expect, test } from "vitest";

import { commands } from "../../src/commands/index.ts";
import { transcript } from "../support/transcript.ts";

test("the help names every command on a line", async () => {
  const help = await transcript("--help");
  for (const { name, summary } of commands) {
    const [first = "", second] = name.split(" ");
    expect(help, name).toMatch(new RegExp(`^ {2}${first}\\b`, "m"));
    if (second === undefined) expect(help).toContain(summary);
  }
  expect(await transcript("help")).toBe(help.replace("--help", "help"));
  expect(await transcript("")).toBe(help.replace("wa-hook --help", "wa-hook "));
});

test("the help of every command has examples and lines of at most 80 characters", async () => {
  const helps = [await transcript("--help")];
  for (const { name } of commands) {
    const help = await transcript(`${name} --help`);
    expect(help, name).toContain("Examples:");
    expect(help, name).toContain("exit 0");
    helps.push(help);
  }
  const all = helps.join("\n");
  expect(all.split("\n").filter((line) => line.length > 80)).toEqual([]);
  await expect(all).toMatchFileSnapshot("../transcripts/help.txt");
});

test("the version is that of the package", async () => {
  expect(await transcript("--version")).toMatch(/^\$ wa-hook --version\n\d+\.\d+\.\d+\nexit 0\n$/);
});
