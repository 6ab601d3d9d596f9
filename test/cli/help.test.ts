import { expect, test } from "vitest";

import { commands } from "../../src/commands/index.ts";
import { transcript } from "../support/transcript.ts";

const golden = (name: string) => `../transcripts/${name}.txt`;

test("the help names every command on a line", async () => {
  const help = await transcript("--help");
  await expect(help).toMatchFileSnapshot(golden("help"));
  expect(await transcript("help")).toBe(help.replace("--help", "help"));
  expect(await transcript("")).toBe(help.replace("wa-hook --help", "wa-hook "));
});

test.each(commands.map(({ name }) => name))("the help of %s has examples", async (name) => {
  const help = await transcript(`${name} --help`);
  expect(help).toContain("Examples:");
  expect(help).toContain("exit 0");
  expect(help.split("\n").every((line) => line.length <= 80)).toBe(true);
  await expect(help).toMatchFileSnapshot(golden(`help-${name.replace(" ", "-")}`));
});

test("the version is that of the package", async () => {
  expect(await transcript("--version")).toMatch(/^\$ wa-hook --version\n\d+\.\d+\.\d+\nexit 0\n$/);
});
