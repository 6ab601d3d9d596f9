/** What the help of every command needs, written by the build: showing help then loads no command and no schema. */
import { readBuilt } from "../built.ts";
import type { CommandReference, Reference } from "./reference.ts";

/** Put in by the build. */
declare const WA_HOOK_VERSION: string;

/** The registry as data, for the build to write down. `schemas` are the paths of the event schemas in the package. */
export async function describeCommands(schemas: readonly string[] = []): Promise<Reference> {
  const { describeRegistry } = await import("./reference.ts");
  return describeRegistry(WA_HOOK_VERSION, schemas);
}

/** The registry that the build wrote down; nothing when this does not run from a build. */
function builtReference(): Reference | undefined {
  return readBuilt("commands.json") as Reference | undefined;
}

/** Of the registry that the build wrote down. */
export function builtHelp(name: string): CommandReference | undefined {
  return builtReference()?.commands.find((command) => command.name === name);
}

/** The registry with those commands only whose names start with `words`. */
export async function helpAsData(words: readonly string[]): Promise<Reference> {
  const reference = builtReference() ?? (await describeCommands());
  const commands = reference.commands.filter(({ name }) => words.every((word, at) => name.split(" ")[at] === word));
  return { ...reference, commands };
}
