/** What the help of every command needs, written by the build: showing help then loads no command and no schema. */
import { readBuilt } from "../built.ts";
import { commands } from "../commands/index.ts";
import type { AnyCommand, Field } from "../terminal/command.ts";

export interface CommandHelp {
  fields: readonly Pick<Field, "usage" | "help" | "many">[];
  examples: AnyCommand["examples"];
}

/** The help of every command by its name, for the build to write down. */
export async function describeCommands(): Promise<Record<string, CommandHelp>> {
  const { fieldsOf } = await import("../terminal/command.ts");
  const described = commands.map(async ({ name, load }) => {
    const command = await load();
    const fields = fieldsOf(command).map(({ usage, help, many }) => ({ usage, help, many }));
    return [name, { fields, examples: command.examples }] as const;
  });
  return Object.fromEntries(await Promise.all(described));
}

/** The help that the build wrote down; nothing when this does not run from a build. */
export function builtHelp(name: string): CommandHelp | undefined {
  const built = readBuilt("commands.json") as Record<string, CommandHelp> | undefined;
  return built?.[name];
}
