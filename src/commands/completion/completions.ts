/** What can be completed after each command, read from the commands' inputs. */
import type * as z from "zod";

import { fieldsOf, type AnyCommand, type Field } from "../../terminal/command.ts";
import { GLOBAL_OPTIONS } from "../../terminal/global-options.ts";
import { valueOf } from "../../terminal/value.ts";
import { fixtureNames } from "../../webhook/fixture-catalog.ts";

/** Values of a flag or an argument. */
export interface Values {
  words: readonly string[];
  /** Files and folders can be completed. */
  files: boolean;
}

export interface Flag {
  /** `--env-file`; with a short form, also that: `-o`. */
  names: readonly string[];
  /** Undefined for a flag without a value. */
  values: Values | undefined;
}

export interface Completion {
  /** `replay`, `events list`; empty before the command. */
  command: string;
  subcommands: readonly string[];
  flags: readonly Flag[];
  /** Values of the command's own arguments. */
  arguments: Values;
}

/** A command as the registry has it. */
export interface Registered {
  name: string;
  load(): Promise<AnyCommand>;
}

const NOTHING: Values = { words: [], files: false };
const FILES: Values = { words: [], files: true };

const { version: _, ...options } = GLOBAL_OPTIONS;

/** Their long forms only: they are repeated for each command. */
const GLOBAL_FLAGS: readonly Flag[] = Object.values(options).map(({ usage }) => ({
  names: namesOf(usage).slice(-1),
  values: usage.includes("<") ? FILES : undefined,
}));

/** One entry per command and group of commands, the longest name first, so that the first match is the right one. */
export async function completions(commands: readonly Registered[]): Promise<Completion[]> {
  const names = commands.map(({ name }) => name);
  const firsts = [...new Set(names.map((name) => name.split(" ")[0] ?? ""))];
  const subcommandsOf = (first: string) =>
    names.filter((name) => name.startsWith(`${first} `)).map((name) => name.slice(first.length + 1));
  const fixtures: Values = { words: await fixtureNames(), files: true };
  const leaves = commands.map(async ({ name, load }) => ({
    ...completionOf(name, await load(), fixtures),
    subcommands: subcommandsOf(name),
  }));
  return [
    ...(await Promise.all(leaves)),
    ...firsts.filter((first) => !names.includes(first)).map((first) => group(first, subcommandsOf(first))),
    group("", firsts),
  ].toSorted((a, b) => b.command.length - a.command.length);
}

function group(command: string, subcommands: readonly string[]): Completion {
  return { command, subcommands, flags: GLOBAL_FLAGS, arguments: NOTHING };
}

function completionOf(name: string, command: AnyCommand, fixtures: Values): Omit<Completion, "subcommands"> {
  const schemas = (command.inputs as z.ZodObject).shape;
  const fields = fieldsOf(command);
  const own = fields.filter(({ usage }) => usage.startsWith("-")).map((field) => flagOf(field, schemas[field.key]));
  const values = fields
    .filter(({ usage }) => usage !== "" && !usage.startsWith("-"))
    .map((field) => (isFixture(name, field) ? fixtures : valuesOf(field, schemas[field.key])));
  return {
    command: name,
    flags: [...own, ...GLOBAL_FLAGS],
    arguments: { words: values.flatMap(({ words }) => words), files: values.some(({ files }) => files) },
  };
}

function flagOf(field: Field, schema: z.core.$ZodType | undefined): Flag {
  return { names: namesOf(field.usage), values: /[<[]/.test(field.usage) ? valuesOf(field, schema) : undefined };
}

function namesOf(usage: string): readonly string[] {
  return usage.match(/--?[a-z][a-z-]*/gi) ?? [];
}

function valuesOf({ usage }: Field, schema: z.core.$ZodType | undefined): Values {
  return { words: (schema && valueOf(schema).choices) ?? [], files: /[<[|](file|folder)[\]>|]/.test(usage) };
}

function isFixture(command: string, { usage }: Field): boolean {
  return usage === "[fixtures...]" || /^fixtures (list|show)$/.test(command);
}
