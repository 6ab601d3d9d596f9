/** What the typed words name: a command, its help, and the flags that every command has. */
import { commands, type CommandEntry } from "../commands/index.ts";
import { GROUPS } from "./overview.ts";

/** The flags that every command has. */
export interface GlobalFlags {
  json: boolean;
  quiet: boolean;
  color: boolean;
  /** Whether the person may be asked. */
  input: boolean;
  envFile?: string;
}

/** The global flags, read before anything can fail. */
export function globalFlags(argv: readonly string[]): Omit<GlobalFlags, "envFile"> {
  const options = optionsOf(argv);
  const has = (...names: string[]) => options.some((option) => names.includes(option));
  return {
    json: has("--json"),
    quiet: has("-q", "--quiet"),
    color: !has("--no-color"),
    input: !has("--no-input"),
  };
}

/**
 * `help send text` and `send --help text` as `send text --help`, because commander shows the help of the first command that it meets. An
 * unknown command loses its help flag, so that commander reports it.
 */
export function helpAtEnd(argv: readonly string[]): { argv: readonly string[]; isHelp: boolean } {
  const options = optionsOf(argv);
  const spoken = wordsOf(options);
  const isHelpCommand = spoken[0] === "help";
  if (!isHelpCommand && !options.includes("-h") && !options.includes("--help")) return { argv, isHelp: false };
  const words = isHelpCommand ? spoken.slice(1) : spoken;
  const entry = entryOf(words);
  const [first, second] = words;
  if (first === undefined) return helpOf([]);
  if (entry !== undefined) return helpOf(entry.name.split(" "));
  if (isGroup(first) && second === undefined) return helpOf([first]);
  return { argv: isGroup(first) ? words.slice(0, 2) : [first], isHelp: false };
}

function helpOf(known: readonly string[]) {
  return { argv: [...known, "--help"], isHelp: true };
}

/** The command that was typed: the longest name that the words spell. */
export function entryOf(argv: readonly string[]): CommandEntry | undefined {
  const spoken = wordsOf(argv);
  for (let at = 0; at < spoken.length; at++) {
    const [one, two] = [spoken[at], `${spoken[at]} ${spoken[at + 1]}`];
    const entry = commands.find(({ name }) => name === two) ?? commands.find(({ name }) => name === one);
    if (entry !== undefined) return entry;
    if (one !== undefined && isGroup(one)) return undefined;
  }
  return undefined;
}

export function isGroup(word: string): boolean {
  return Object.hasOwn(GROUPS, word);
}

/** What comes after `--` is for somebody else. */
function optionsOf(argv: readonly string[]): readonly string[] {
  return argv.includes("--") ? argv.slice(0, argv.indexOf("--")) : argv;
}

/** What was typed, without flags and the value of `--env-file`. */
export function wordsOf(argv: readonly string[]): string[] {
  return argv.filter((word, at) => !word.startsWith("-") && argv[at - 1] !== "--env-file");
}
