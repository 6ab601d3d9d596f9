/** The registry as data: what `wa-hook help --json` prints, and what the pages of the reference are written from. */
import type * as z from "zod";

import { commands, type CommandEntry } from "../commands/index.ts";
import { fieldsOf, type AnyCommand, type Field } from "../terminal/command.ts";
import { GLOBAL_OPTIONS } from "../terminal/global-options.ts";
import { settings, type SettingName } from "../terminal/settings.ts";
import { defaultOf, valueOf, type Value } from "../terminal/value.ts";
import { EXIT_CODES } from "./exit-code.ts";
import { DESCRIPTION, FIRST_STEPS, GROUPS } from "./overview.ts";

/** Adding a key is compatible; removing or renaming one, or changing its meaning, makes another version. */
export interface Reference {
  type: "help";
  version: 1;
  program: string;
  programVersion: string;
  description: string;
  firstSteps: Example[];
  /** Of every command. */
  options: OptionReference[];
  /** `error` is the name of the error in the API. */
  exitCodes: { code: number; title: string; when: string; error?: string }[];
  settings: SettingReference[];
  /** Nouns with one command for each action. */
  groups: { name: string; summary: string }[];
  commands: CommandReference[];
}

interface Example {
  command: string;
  description: string;
}

export interface CommandReference {
  /** `listen`, `events list`. */
  name: string;
  /** Under which the help lists it. */
  category: string;
  summary: string;
  usage: string;
  arguments: InputReference[];
  options: OptionReference[];
  /** Settings that it reads from the environment or the env file, including those that have a flag. */
  settings: string[];
  examples: Example[];
  /** When it ends so; of the codes without `when`, `exitCodes` of all says that. */
  exitCodes: { code: number; when?: string }[];
  /** The JSON Schema of its events with `--json`, as a path in the package. */
  events?: string;
}

interface InputReference extends Value {
  /** As the help shows it: `--to <port|path|url>`, `[fixtures...]`. */
  usage: string;
  name: string;
  description: string;
  /** As one would type it; absent when nothing holds, or something that depends on other inputs. */
  default?: string;
  required?: true;
  repeatable?: true;
}

interface OptionReference extends InputReference {
  /** `-o`. */
  short?: string;
  /** The setting that it sets, which is otherwise read from the environment or the env file. */
  setting?: string;
}

interface SettingReference {
  name: string;
  label: string;
  /** The names in the environment and the env file; the first found is used. */
  environment: readonly string[];
  secret: boolean;
  default?: string;
}

/** `version` is that of the program; `schemas` are the paths of the event schemas in the package. */
export async function describeRegistry(version: string, schemas: readonly string[]): Promise<Reference> {
  return {
    type: "help",
    version: 1,
    program: "wa-hook",
    programVersion: version,
    description: DESCRIPTION,
    firstSteps: FIRST_STEPS.map(exampleOf),
    options: Object.values(GLOBAL_OPTIONS).map(({ usage, help }) => ({
      ...namesOf(usage),
      description: help,
      type: usage.includes("<") ? "path" : "boolean",
    })),
    exitCodes: EXIT_CODES.map(({ code, title, when, error }) => ({
      code,
      title,
      when,
      ...(error === undefined ? {} : { error: error.name }),
    })),
    settings: Object.keys(settings).map((name) => settingOf(name as SettingName)),
    groups: Object.entries(GROUPS).map(([name, summary]) => ({ name, summary })),
    commands: await Promise.all(commands.map((entry) => commandOf(entry, schemas))),
  };
}

async function commandOf({ name, group, summary, load }: CommandEntry, schemas: readonly string[]) {
  const command = await load();
  const fields = fieldsOf(command);
  const used = fields.flatMap(({ setting }) => setting ?? []);
  const inputs = fields
    // An option without help is an alias that is kept for older scripts.
    .filter(({ usage, help }) => usage !== "" && help !== "")
    .map((field) => inputOf(field, (command.inputs as z.ZodObject).shape[field.key] as z.core.$ZodType));
  const [options, args] = [inputs.filter(isOption), inputs.filter((input) => !isOption(input))];
  const events = schemas.find((path) => path.endsWith(`/${name.replaceAll(" ", "-")}.schema.json`));
  const described: CommandReference = {
    name,
    category: group,
    summary,
    usage: ["wa-hook", name, "[options]", ...args.map(({ usage }) => usage)].join(" "),
    arguments: args,
    options,
    settings: used,
    examples: command.examples.map(exampleOf),
    exitCodes: exitCodesOf(command, used),
    ...(events === undefined ? {} : { events }),
  };
  return described;
}

const exampleOf = ([command, description]: readonly [string, string]): Example => ({ command, description });

const isOption = ({ usage }: { usage: string }): boolean => usage.startsWith("-");

function inputOf({ usage, help, many, setting }: Field, schema: z.core.$ZodType): OptionReference {
  const value = valueOf(schema);
  const fallback = (setting === undefined ? undefined : settingOf(setting).default) ?? defaultOf(schema);
  const isPath = value.type === "string" && /[<[|](?:file|folder)[\]>|]/.test(usage);
  return {
    ...namesOf(usage),
    description: help,
    ...value,
    type: isPath ? "path" : value.type,
    ...(fallback === undefined ? {} : { default: fallback }),
    ...(isRequired(usage, schema) ? { required: true as const } : {}),
    ...(many ? { repeatable: true as const } : {}),
    ...(setting === undefined ? {} : { setting }),
  };
}

function isRequired(usage: string, schema: z.core.$ZodType): boolean {
  return isOption({ usage }) ? !(schema as z.ZodType).safeParse(undefined).success : usage.startsWith("<");
}

/** `--output` and `-o` of `-o, --output <file>`; `file` of `[file]`. */
function namesOf(usage: string): { usage: string; name: string; short?: string } {
  const [, short, name] = /^(?:(-[A-Za-z]), )?(--[a-z0-9-]+)/.exec(usage) ?? [];
  if (name === undefined) return { usage, name: usage.replaceAll(/[[\]<>.]/g, "") };
  return { usage, name, ...(short === undefined ? {} : { short }) };
}

function settingOf(name: SettingName): SettingReference {
  const { label, names, secret, ...rest }: { label: string; names: readonly string[]; secret: boolean } & object =
    settings[name];
  const fallback = "fallback" in rest ? { default: String(rest.fallback) } : {};
  return { name, label, environment: names, secret, ...fallback };
}

/** Those of every command, and those of its own. */
function exitCodesOf({ exits = {} }: AnyCommand, used: readonly string[]): CommandReference["exitCodes"] {
  const [usesMeta, usesStore] = [used.includes("accessToken"), used.includes("store")];
  const isUsed: Readonly<Record<number, boolean>> = {
    1: false,
    3: usesMeta || usesStore,
    4: usesMeta || usesStore,
    5: usesMeta,
  };
  return EXIT_CODES.flatMap(({ code }) => {
    const when = exits[code as keyof typeof exits];
    if (when !== undefined) return { code, when };
    return (isUsed[code] ?? true) ? { code } : [];
  });
}
