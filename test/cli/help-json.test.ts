/** The registry as data: `wa-hook help --json`. */
import { expect, test } from "vitest";

import { main } from "../../src/cli/main.ts";
import { describeCommands } from "../../src/cli/manifest.ts";
import type { Reference } from "../../src/cli/reference.ts";
import { commands } from "../../src/commands/index.ts";
import { waHook } from "../support/program.ts";
import { wordsOf } from "../support/transcript.ts";
import { testWorld } from "../support/world.ts";

async function help(line: string): Promise<Reference> {
  const world = testWorld();
  expect([await main(wordsOf(line), world), world.stderr.text]).toEqual([0, ""]);
  expect(world.stdout.text).toMatch(/^[^\n]+\n$/);
  return JSON.parse(world.stdout.text) as Reference;
}

const reference = await describeCommands();
const inputsOf = (name: string) => {
  const found = reference.commands.find((command) => command.name === name);
  return [...(found?.arguments ?? []), ...(found?.options ?? [])];
};
const inputOf = (command: string, name: string) => inputsOf(command).find((input) => input.name === name);

test("help --json, --help --json and --json alone print the whole registry on one line", async () => {
  const whole = await help("help --json");
  expect(whole).toMatchObject({ type: "help", version: 1, program: "wa-hook", programVersion: /./ });
  expect(whole.commands.map(({ name }) => name)).toEqual(commands.map(({ name }) => name));
  for (const line of ["--help --json", "--json", "--json -h", "--json --no-input help"]) {
    expect(await help(line), line).toEqual(whole);
  }
});

test("of a command or a group of commands, only these are printed", async () => {
  const names = async (line: string) => (await help(line)).commands.map(({ name }) => name);
  expect(await names("help listen --json")).toEqual(["listen"]);
  expect(await names("listen --json --help")).toEqual(["listen"]);
  expect(await names("send text Hello --help --json")).toEqual(["send text"]);
  expect(await names("help webhook --json")).toEqual(
    commands.flatMap(({ name }) => (name.startsWith("webhook ") ? name : [])),
  );
  expect(await names("webhook --json")).toEqual(await names("help webhook --json"));
});

test("an unknown command has no help, and --help after -- belongs to another program", async () => {
  const world = testWorld();
  expect(await main(["help", "lisen", "--json"], world)).toBe(2);
  expect([world.stdout.text, JSON.parse(world.stderr.text)]).toEqual(["", expect.objectContaining({ exitCode: 2 })]);
  const program = waHook(["exec", "--json", "--", process.execPath, "--help"], {});
  expect(await program.exit).toBe(0);
  expect(program.stdout.text).toMatch(/^\s*Usage: node/);
});

test("each input has its type, default, choices, range and the names of its setting", () => {
  expect(inputOf("replay", "--escape")).toMatchObject({ type: "string", choices: ["basic", "full"] });
  expect(inputOf("replay", "--repeat")).toMatchObject({ type: "integer", minimum: 1, default: "1" });
  expect(inputOf("replay", "--timeout")).toMatchObject({ type: "duration", default: "10s" });
  expect(inputOf("replay", "--unsigned")).toMatchObject({ type: "boolean" });
  expect(inputOf("replay", "fixtures")).toMatchObject({ usage: "[fixtures...]", repeatable: true });
  expect(inputOf("listen", "--forward-to")).toMatchObject({ type: "endpoint", repeatable: true });
  expect(inputOf("listen", "--port")).toMatchObject({
    type: "integer",
    setting: "port",
    default: "8000",
    maximum: 65_535,
  });
  expect(inputOf("listen", "--app-secret-file")).toMatchObject({ type: "path", setting: "appSecret" });
  expect(inputOf("listen", "--keep-size")).toMatchObject({ type: "size", default: "1G" });
  expect(inputOf("completion", "shell")).toMatchObject({ required: true, choices: ["bash", "zsh", "fish"] });
  expect(inputOf("flow exchange", "--screen")).toMatchObject({ required: true });
  expect(inputOf("media get", "--output")).toMatchObject({ short: "-o" });
  const port = reference.settings.find(({ name }) => name === "port");
  expect(port).toEqual({
    name: "port",
    label: "listener port",
    environment: ["WEBHOOK_PORT", "PORT"],
    secret: false,
    default: "8000",
  });
  expect(reference.commands.find(({ name }) => name === "replay")?.settings).toContain("verifyToken");
});

test("what holds by default and what may be repeated is said in the help as well", () => {
  const inputs = reference.commands.flatMap(({ name }) => inputsOf(name).map((input) => ({ ...input, command: name })));
  const unsaid = inputs.filter(({ usage, description, default: fallback, repeatable }) => {
    const isDefaultSaid = fallback === undefined || (/\(default: /.test(description) && isNamed(fallback, description));
    return !isDefaultSaid || (repeatable === true && usage.startsWith("-") && !/\(repeatable/.test(description));
  });
  expect(inputs.some(({ repeatable }) => repeatable === true)).toBe(true);
  expect(unsaid.map(({ command, usage, description }) => `${command} ${usage}: ${description}`)).toEqual([]);
});

/** A port of 0 is "any free port" to people. */
function isNamed(fallback: string, description: string): boolean {
  return fallback === "0" || description.includes(fallback);
}

test("every input that names an environment variable names one that its command reads", () => {
  for (const { name, settings, options } of reference.commands) {
    expect(reference.settings.map((setting) => setting.name)).toEqual(expect.arrayContaining(settings));
    expect(settings, name).toEqual(expect.arrayContaining(options.flatMap(({ setting }) => setting ?? [])));
  }
});
