import { expect, test } from "vitest";

import { main } from "../../src/cli/main.ts";
import { commands } from "../../src/commands/index.ts";
import { run } from "../support/program.ts";
import { transcript } from "../support/transcript.ts";
import { testWorld } from "../support/world.ts";

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

test.each(["bash", "zsh", "fish"])("completion for %s names commands and flags", async (shell) => {
  const script = await transcript(`completion ${shell}`);
  for (const word of ["listen", "replay", "events", "export", "--forward-to", "--wrong-secret"])
    expect(script).toContain(word);
});

test.skipIf(process.platform === "win32").each([
  ["", "init listen replay emulate send media token doctor webhook events fixtures settings completion"],
  ["li", "listen"],
  ["token ex", "exchange"],
  ["token refresh --i", "--if-expires-within"],
  ["events ", "list show export"],
  ["events export --l", "--limit"],
  ["replay text --wr", "--wrong-secret"],
])("bash completes %j", async (typed, completed) => {
  const world = testWorld();
  await main(["completion", "bash"], world);
  const words = ["wa-hook", ...typed.split(" ")].map((word) => `"${word}"`).join(" ");
  const script = `${world.stdout.text}\nCOMP_WORDS=(${words}); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _wa_hook; echo "\${COMPREPLY[*]}"`;
  const bash = run(["bash", "-c", script], {});
  expect([await bash.exit, bash.stdout.text.trim()]).toEqual([0, completed]);
});
