/** The command line: from what was typed to a command and its inputs. */
import { Command, CommanderError, Option } from "commander";

import { commands, type CommandEntry } from "../commands/index.ts";
import { UsageError } from "../errors.ts";
import { withoutPassword } from "../http/url.ts";
import { plainLines, printableJson } from "../printable.ts";
import type { AnyCommand, Field } from "../terminal/command.ts";
import { GLOBAL_OPTIONS } from "../terminal/global-options.ts";
import { flagOf, readInputs, type Typed } from "../terminal/inputs.ts";
import { columnsIn, type World } from "../terminal/world.ts";
import { builtHelp, helpAsData } from "./manifest.ts";
import { DESCRIPTION, FIRST_STEPS, GROUPS } from "./overview.ts";
import type { CommandReference } from "./reference.ts";
import { entryOf, globalFlags, helpAtEnd, isGroup, wordsOf, type GlobalFlags } from "./typed-words.ts";

/** Put in by the build. */
declare const WA_HOOK_VERSION: string;

/** A command that was typed, with inputs that are checked. */
export interface Invocation {
  command: AnyCommand;
  inputs: unknown;
}

const FOOTER = `
Start here:
${FIRST_STEPS.map(([line, about]) => `  $ ${line.padEnd(18)} ${about}`).join("\n")}

Run wa-hook help <command> for details and examples.`;

/**
 * Understands `argv` (without node and the script). Resolves with nothing when it was only a request for help or the version, which is
 * printed. Throws a `UsageError` for anything that cannot be understood.
 */
export async function understand(given: readonly string[], world: World): Promise<Invocation | undefined> {
  const { argv, isHelp } = helpAtEnd(given);
  const { json } = globalFlags(given);
  const helpInJson = async () => `${printableJson(await helpAsData(wordsOf(argv)))}\n`;
  if (isHelp && json) {
    world.stdout.write(await helpInJson());
    return undefined;
  }
  const entry = entryOf(argv);
  const help = entry !== undefined && isHelp ? builtHelp(entry.name) : undefined;
  const command = help === undefined ? await entry?.load() : undefined;
  const fields = command === undefined ? [] : (await import("../terminal/command.ts")).fieldsOf(command);
  let typed: { values: Typed; flags: GlobalFlags } | undefined;
  // What commander says of an error: `main` tells errors, so only the help for half a command is used.
  const unwritten: string[] = [];
  const program = build(world, unwritten, entry, (leaf, candidate) => {
    if (candidate !== entry) return;
    if (help !== undefined) describe(leaf, looksOf(help));
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
    if (error.code === "commander.help") {
      world.stdout.write(json ? await helpInJson() : plainLines(unwritten.join("")));
    } else if (error.exitCode !== 0) throw asUsage(error, entry?.name);
    return undefined;
  }
  if (command === undefined || typed === undefined) return undefined;
  const { values, flags } = typed;
  return {
    command,
    inputs: await readInputs({ command, fields, name: entry?.name ?? "" }, { values, envFile: flags.envFile }, world),
  };
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
    .helpOption(GLOBAL_OPTIONS.help.usage, GLOBAL_OPTIONS.help.help)
    .version(WA_HOOK_VERSION, GLOBAL_OPTIONS.version.usage, GLOBAL_OPTIONS.version.help)
    .addHelpText("after", FOOTER)
    .helpCommand("help [command]", "Show help for a command");
  for (const { usage, help } of Object.values(GLOBAL_OPTIONS)) {
    if (usage.includes("<")) program.option(usage, help, onlyOnce("--env-file"));
    else if (usage !== GLOBAL_OPTIONS.help.usage && usage !== GLOBAL_OPTIONS.version.usage) program.option(usage, help);
  }
  const group = wanted?.name.split(" ")[0];
  for (const entry of commands) {
    const [first = "", second] = entry.name.split(" ");
    if (group !== undefined && group !== first) continue;
    const outer = program.commands.find((known) => known.name() === first) ?? program.command(first);
    outer.helpGroup(`${entry.group}:`);
    if (second !== undefined) outer.helpCommand(false);
    if (second !== undefined && isGroup(first)) outer.description(GROUPS[first] ?? "");
    const leaf = second === undefined ? outer : outer.command(second);
    each(leaf.description(entry.summary), entry);
  }
  return program;
}

interface Looks {
  fields: readonly Pick<Field, "usage" | "help" | "many">[];
  examples: AnyCommand["examples"];
}

function looksOf({ arguments: args, options, examples }: CommandReference): Looks {
  return {
    fields: [...args, ...options].map(({ usage, description, repeatable = false }) => ({
      usage,
      help: description,
      many: repeatable,
    })),
    examples: examples.map(({ command, description }) => [command, description]),
  };
}

function describe(leaf: Command, { fields, examples }: Looks): void {
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
