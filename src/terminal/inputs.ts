/** From what was typed to the inputs of a command: settings are filled in, everything is validated. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";

import type * as z from "zod";

import { reasonOf, UsageError } from "../errors.ts";
import type { AnyCommand, Field } from "./command.ts";
import type { SettingName, Sources, Sourced } from "./settings.ts";
import type { World } from "./world.ts";

/** Values as text or lists of text, by the keys of the fields. */
export type Typed = Record<string, unknown>;

interface Wanted {
  command: AnyCommand;
  fields: readonly Field[];
  /** For the hint of an error: `events list`. */
  name: string;
}

interface Given {
  values: Typed;
  /** That of `--env-file`; a command that runs others has an input of this name. */
  envFile: string | undefined;
  /** Settings that hold whatever is set elsewhere. */
  given?: Readonly<Partial<Record<SettingName, Sourced>>>;
}

/**
 * Fills in the settings and checks everything against the command's schema. Throws a `UsageError` for the first input that cannot be used.
 */
export async function readInputs(
  { command, fields, name }: Wanted,
  { values: typed, envFile, given = {} }: Given,
  world: World,
): Promise<unknown> {
  const values = { ...typed };
  if (fields.some((field) => field.setting !== undefined)) {
    const { readSources, refuseEmptySecret, refuseForeignRecipients, resolveSetting, settings } =
      await import("../terminal/settings.ts");
    const sources: Sources = readSources(world, envFile);
    const used: Partial<Record<SettingName, Sourced | undefined>> = {};
    for (const { key, setting, usage } of fields) {
      if (setting === undefined) continue;
      const found = resolveSetting(setting, sources);
      const flag = values[key] as string | undefined;
      const sourced =
        given[setting] ?? (flag === undefined ? found : fromFlag(flag, usage, settings[setting].secret, found, world));
      if (flag !== undefined || command.accepts === undefined) refuseEmptySecret(setting, sourced);
      values[key] = sourced;
      used[setting] = sourced;
    }
    if (command.accepts !== "any settings") refuseForeignRecipients(used);
  }
  if ("envFile" in (command.inputs as z.ZodObject).shape) values["envFile"] = envFile;
  const checked = (command.inputs as z.ZodObject).safeParse(values);
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  const field = fields.find(({ key }) => key === issue?.path[0]);
  throw new UsageError(complaint(field, issue, values), {
    code: "input.invalid",
    hint: `run wa-hook ${name} --help`,
  });
}

/** A setting from its flag; a secret's flag names a file, because everyone on the machine can see command lines. */
function fromFlag(given: string, usage: string, secret: boolean, found: Sourced | undefined, world: World): Sourced {
  const flag = flagOf(usage);
  const others = found === undefined ? [] : [{ name: found.name, value: found.value }, ...found.others];
  if (!secret) return { value: given, source: flag, name: flag, others };
  try {
    const value = readFileSync(resolve(world.cwd, given), "utf8").trim();
    return { value, source: given, name: flag, others: others.filter((other) => other.value !== value) };
  } catch (error) {
    throw new UsageError(`${flag} ${given} cannot be read: ${reasonOf(error)}`, {
      code: "setting.unreadable",
      hint: "name a text file that holds the secret and nothing else",
      cause: error,
    });
  }
}

/** Which input is wrong, how, and what was given. Secrets are free text, so they never come here. */
function complaint(field: Field | undefined, issue: z.core.$ZodIssue | undefined, values: Typed): string {
  const [key = "", index] = issue?.path ?? [];
  const value = values[String(key)];
  const sourced = field?.setting === undefined ? undefined : (value as Sourced | undefined);
  const name = sourced?.name ?? flagOf(field?.usage ?? String(key));
  const given: unknown = sourced?.value ?? (Array.isArray(value) && typeof index === "number" ? value[index] : value);
  return `${name} ${issue?.message ?? "is wrong"}${given === undefined ? "" : `; got ${JSON.stringify(given)}`}`;
}

/** The name of a flag or of a place, as a message names it. */
export function flagOf(usage: string): string {
  return /--[a-z0-9-]+/.exec(usage)?.[0] ?? usage.replaceAll(/[[\]<>.]/g, "");
}
