/** The command line: from what was typed to a command and its inputs. */
import { Command, CommanderError, Option } from "commander";

import { commands, type CommandEntry } from "../commands/index.ts";
import { UsageError } from "../errors.ts";
import { withoutPassword } from "../http/url.ts";
import { plainLines } from "../printable.ts";
import type { AnyCommand, Field } from "../terminal/command.ts";
import { flagOf, readInputs, type Typed } from "../terminal/inputs.ts";
import { columnsIn, type World } from "../terminal/world.ts";
import { builtHelp, type CommandHelp } from "./manifest.ts";

/** Put in by the build. */
declare const WA_HOOK_VERSION: string;

/** The flags that every command has. */
export interface GlobalFlags {
  json: boolean;
  quiet: boolean;
  color: boolean;
  envFile?: string;
}

/** A command that was typed, with inputs that are checked. */
export interface Invocation {
  command: AnyCommand;
  inputs: unknown;
}

const GROUPS: Record<string, string> = {
  events: "List, show, retry, compare and export recorded deliveries",
  fixtures: "List, show, save and compare fixtures",
  send: "Send a message to an allowed recipient",
  media: "Download and upload media",
  template: "List, show, create and delete message templates",
  flow: "Check or call the endpoint of a Flow, create its keys",
  webhook: "Show, set and restore the callback URL at Meta",
};

const DESCRIPTION = "Develop and test WhatsApp Cloud API webhooks on your own machine.";
const FOOTER = `
Start here:
  $ wa-hook listen     in one terminal
  $ wa-hook replay     in another: bundled deliveries arrive, signed as Meta's
  $ wa-hook emulate    a local Graph API: send and receive messages without Meta

Run wa-hook help <command> for details and examples.`;

/**
 * Understands `argv` (without node and the script). Resolves with nothing when it was only a request for help or the version, which is
 * printed. Throws a `UsageError` for anything that cannot be understood.
 */
export async function understand(given: readonly string[], world: World): Promise<Invocation | undefined> {
  const argv = helpAtEnd(given);
  const entry = entryOf(argv);
  const help = entry !== undefined && argv.at(-1) === "--help" ? builtHelp(entry.name) : undefined;
  const command = help === undefined ? await entry?.load() : undefined;
  const fields = command === undefined ? [] : (await import("../terminal/command.ts")).fieldsOf(command);
  let typed: { values: Typed; flags: GlobalFlags } | undefined;
  // What commander says of an error: `main` tells errors, so only the help for half a command is used.
  const unwritten: string[] = [];
  const program = build(world, unwritten, entry, (leaf, candidate) => {
    if (candidate !== entry) return;
    if (help !== undefined) describe(leaf, help);
    if (command === undefined) return;
    describe(leaf, { fields, examples: command.examples });
    leaf.action(() => {
      typed = { values: valuesOf(leaf, fields), flags: leaf.optsWithGlobals() };
    });
  });
  try {
    await program.parseAsync(argv, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.code === "commander.help") world.stdout.write(plainLines(unwritten.join("")));
    else if (error.exitCode !== 0) throw asUsage(error, entry?.name);
    return undefined;
  }
  if (command === undefined || typed === undefined) return undefined;
  const { values, flags } = typed;
  return {
    command,
    inputs: await readInputs({ command, fields, name: entry?.name ?? "" }, { values, envFile: flags.envFile }, world),
  };
}

/** The global flags, read before anything can fail. */
export function globalFlags(argv: readonly string[]): Pick<GlobalFlags, "json" | "quiet" | "color"> {
  const options = argv.includes("--") ? argv.slice(0, argv.indexOf("--")) : argv;
  const has = (...names: string[]) => options.some((option) => names.includes(option));
  return { json: has("--json"), quiet: has("-q", "--quiet"), color: !has("--no-color") };
}

/**
 * `help send text` and `send --help text` as `send text --help`, because commander shows the help of the first command that it meets. An
 * unknown command loses its help flag, so that commander reports it.
 */
function helpAtEnd(argv: readonly string[]): readonly string[] {
  const options = argv.includes("--") ? argv.slice(0, argv.indexOf("--")) : argv;
  const spoken = wordsOf(options);
  const isHelpCommand = spoken[0] === "help";
  if (!isHelpCommand && !options.includes("-h") && !options.includes("--help")) return argv;
  const words = isHelpCommand ? spoken.slice(1) : spoken;
  const entry = entryOf(words);
  const [first, second] = words;
  if (first === undefined) return ["--help"];
  if (entry !== undefined) return [...entry.name.split(" "), "--help"];
  if (first in GROUPS && second === undefined) return [first, "--help"];
  return first in GROUPS ? words.slice(0, 2) : [first];
}

/** What was typed, without flags and the value of `--env-file`. */
function wordsOf(argv: readonly string[]): string[] {
  return argv.filter((word, at) => !word.startsWith("-") && argv[at - 1] !== "--env-file");
}

/** The command that was typed: the longest name that the words spell. */
function entryOf(argv: readonly string[]): CommandEntry | undefined {
  const spoken = wordsOf(argv);
  for (let at = 0; at < spoken.length; at++) {
    const [one, two] = [spoken[at], `${spoken[at]} ${spoken[at + 1]}`];
    const entry = commands.find(({ name }) => name === two) ?? commands.find(({ name }) => name === one);
    if (entry !== undefined) return entry;
    if (one !== undefined && one in GROUPS) return undefined;
  }
  return undefined;
}

/** The program with all commands; with only the group of `wanted` when that is what was typed. */
function build(
  world: World,
  unwritten: string[],
  wanted: CommandEntry | undefined,
  each: (leaf: Command, entry: CommandEntry) => void,
): Command {
  // Commands made by `command()` inherit the way of writing, of helping and of failing.
  const program = new Command("wa-hook")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => world.stdout.write(plainLines(text)),
      writeErr: (text) => void unwritten.push(text),
      getOutHelpWidth: () => columnsIn(world.stdout),
    })
    .configureHelp({ showGlobalOptions: true })
    .allowExcessArguments(false)
    .description(DESCRIPTION)
    .usage("<command> [options]")
    .helpOption("-h, --help", "Show help")
    .version(WA_HOOK_VERSION, "-V, --version", "Print the version")
    .option("--json", "Print one JSON object per line on stdout")
    .option("--env-file <path>", "Read settings from this file (default: .env)", onlyOnce("--env-file"))
    .option("--no-color", "Disable colors")
    .option("-q, --quiet", "Omit notices, progress and passed checks")
    .addHelpText("after", FOOTER)
    .helpCommand("help [command]", "Show help for a command");
  const group = wanted?.name.split(" ")[0];
  for (const entry of commands) {
    const [first = "", second] = entry.name.split(" ");
    if (group !== undefined && group !== first) continue;
    const outer = program.commands.find((known) => known.name() === first) ?? program.command(first);
    outer.helpGroup(`${entry.group}:`);
    if (second !== undefined) outer.helpCommand(false);
    if (second !== undefined && first in GROUPS) outer.description(GROUPS[first] ?? "");
    const leaf = second === undefined ? outer : outer.command(second);
    each(leaf.description(entry.summary), entry);
  }
  return program;
}

function describe(leaf: Command, { fields, examples }: CommandHelp): void {
  for (const { usage, help, many } of fields) {
    if (usage === "") continue;
    if (!usage.startsWith("-")) {
      leaf.argument(usage, help);
      continue;
    }
    const option = new Option(usage, help);
    if (many) option.argParser((value: string, before: string[] | undefined) => [...(before ?? []), value]);
    else if (option.required || option.optional) option.argParser(onlyOnce(usage));
    // An option without help is an alias that is kept for older scripts.
    leaf.addOption(option.hideHelp(help === ""));
  }
  const lines = examples.map(([line, about]: readonly string[]) => `  $ ${line}\n      ${about}`);
  leaf.addHelpText("after", `\nExamples:\n${lines.join("\n")}`);
}

/** Accepts a flag's value, and throws a `UsageError` when the flag is repeated: one of the values would be ignored. */
function onlyOnce(usage: string): (value: string, before: string | undefined) => string {
  return (value, before) => {
    if (before === undefined) return value;
    throw new UsageError(`${flagOf(usage)} is given twice: ${withoutPassword(before)} and ${withoutPassword(value)}`, {
      code: "cli.repeated",
      hint: "keep one of them",
    });
  };
}

/** What was typed for each field, by its key. */
function valuesOf(leaf: Command, fields: readonly Field[]): Typed {
  const values: Typed = {};
  let place = 0;
  for (const { key, usage } of fields) {
    if (usage === "") continue;
    const option = leaf.options.find(({ flags }) => flags === usage);
    const value: unknown =
      option === undefined ? leaf.processedArgs[place++] : leaf.getOptionValue(option.attributeName());
    if (value !== undefined) values[key] = value;
  }
  return values;
}

function asUsage(error: CommanderError, command: string | undefined): UsageError {
  const [first = "", ...rest] = error.message.replace(/^error: /, "").split("\n");
  const suggestion = rest
    .join(" ")
    .trim()
    .replace(/^\(Did you mean (.*)\?\)$/, "did you mean $1?");
  return new UsageError(first, {
    code: `cli.${error.code.replace(/^commander\./, "")}`,
    hint: suggestion || `${command === undefined ? "wa-hook" : `wa-hook ${command}`} --help shows what there is`,
  });
}
