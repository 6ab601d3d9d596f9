/** What a command is, and the words in which its inputs say how they info on a command line. */
import * as z from "zod";

import { parseDuration } from "../duration.ts";
import { UsageError } from "../errors.ts";
import { httpUrl, withoutPassword } from "../http/url.ts";
import { envName } from "../setting-names.ts";
import { parseSize } from "../size.ts";
import type { Paint } from "./paint.ts";
import type { SettingName, Sourced } from "./settings.ts";
import type { World } from "./world.ts";

/** A command: its inputs, what it does, how one event is printed. */
export interface Command<Inputs extends z.ZodObject = z.ZodObject, Event extends object = object> {
  inputs: Inputs;
  /** Shown under its help: what to type, and what it does. */
  examples: readonly (readonly [line: string, about: string])[];
  /**
   * Which settings it accepts that every other command refuses: empty secrets in the environment and the env file, which it reports or
   * replaces; or all, because it only shows them.
   */
  accepts?: "empty secrets" | "any settings";
  /** Yields what happens, throws what stops it. Never writes, never exits. */
  run(inputs: z.output<Inputs>, world: World): AsyncGenerator<Event | Notice, void, void>;
  /** What is printed for people, and in which order; with `--json`, events are printed as they happen. Default: the same. */
  arrange?(events: AsyncGenerator<Event | Notice, void, void>): AsyncGenerator<Event | Notice, void, void>;
  /**
   * How one event reads for people; nothing when it is only for `--json`. All text of `event` is on one line and shows all of itself;
   * `original` is the event as it came, for what has lines of its own: a script, a report, JSON.
   */
  print(event: Event, paint: Paint, original: Event): Printed | undefined;
}

/** Said to people only: it goes to stderr, and `--json` leaves it out. */
export interface Notice {
  type: "notice";
  text: string;
  /** What to do, on a line of its own. */
  hint?: string;
  /** For the CI system that reads stderr: written as it is, without color, also with `--quiet`. */
  machine?: true;
}

export function notice(text: string, hint?: string): Notice {
  return { type: "notice", text, ...(hint === undefined ? {} : { hint }) };
}

/**
 * A string is data (stdout), and so is a detail, which `--quiet` omits. Notices and progress are for people (stderr); progress overwrites
 * itself and needs a terminal, and so does clearing the screen. Bytes are data that stays as it is, except on a terminal.
 */
export type Printed =
  | string
  | { detail: string | string[] }
  | { bytes: Uint8Array }
  | { notice: string }
  | { progress: string }
  | { clear: true }
  | Printed[];

// oxlint-disable-next-line typescript/no-explicit-any -- the one place where commands of all inputs and events meet
export type AnyCommand = Command<any, any>;

/** Gives a command's parts their types. */
export function defineCommand<Inputs extends z.ZodObject, Event extends object>(
  command: Command<Inputs, Event>,
): Command<Inputs, Event> {
  return command;
}

/** How one input is written and explained on the command line. */
export interface InputInfo {
  /** As commander reads it: `--port <port>`, or `[fixtures...]` for a place; empty for a setting without a flag. */
  usage: string;
  help: string;
  /** Read from this setting when the flag is not given; such an input is a `Sourced`. */
  setting?: SettingName;
}

const inputInfo = z.registry<InputInfo>();

/** An input as the command line needs to know it. */
export interface Field extends InputInfo {
  key: string;
  /** It may be given several times. */
  many: boolean;
}

/** The flags and places of a command, in their order. */
export function fieldsOf(command: AnyCommand): Field[] {
  return Object.entries((command.inputs as z.ZodObject).shape).flatMap(([key, field]) => {
    const info = inputInfo.get(field);
    return info === undefined ? [] : [{ ...info, key, many: isList(field) }];
  });
}

function isList(field: z.core.$ZodType): boolean {
  if (field instanceof z.ZodDefault || field instanceof z.ZodOptional) return isList(field.unwrap());
  return field instanceof z.ZodArray;
}

/** An input that is a flag or a place on the command line. */
export function input<Schema extends z.ZodType>(usage: string, help: string, schema: Schema): Schema {
  const field = schema.clone();
  inputInfo.add(field, { usage, help });
  return field;
}

/** A setting: from its flag, the environment or the env file, with the place it came from (as `Sourced`). */
export function setting<Value extends z.ZodType = z.ZodString>(
  name: SettingName,
  usage: string,
  help: string,
  value?: Value,
) {
  const field = z
    .object({
      value: (value ?? z.string()) as Value,
      source: z.string(),
      name: z.string(),
      others: z.array(z.object({ name: z.string(), value: z.string() })),
    })
    .optional();
  inputInfo.add(field, { usage, help, setting: name });
  return field;
}

export type SourcedValue = Sourced;

/** A flag that is there or not. */
export const yes = z.boolean().default(false);

/** Where the store is: a file, or the URL of a shared store. What reads it does not make it. */
export const storeFile = location(
  "store",
  "--store <file>",
  "Recorded deliveries: a file, or a team's redis://… (default: .wa-hook/events.db)",
);

/** A setting of which only the value matters. Everyone on the machine can see command lines, so a password there is refused. */
export function location(name: SettingName, usage: string, help: string) {
  const field = z
    .object({ value: z.string(), name: z.string() })
    .optional()
    .transform((sourced) => {
      if (sourced === undefined) return undefined;
      if (sourced.name.startsWith("-") && withoutPassword(sourced.value) !== sourced.value) {
        throw new UsageError(`${sourced.name} has a password, which everyone on this machine can see`, {
          code: "store.password-on-command-line",
          hint: `set ${envName(name)} to the URL instead, in the environment or in .env`,
        });
      }
      return sourced.value;
    });
  inputInfo.add(field, { usage, help, setting: name });
  return field;
}

/** A whole number. */
export function whole(min: number, max: number): z.ZodType<number> {
  const message = `must be a whole number from ${min} to ${max}`;
  return z
    .union([z.number(), z.string().regex(/^\d+$/, message).transform(Number)], { error: message })
    .refine((value) => value >= min && value <= max, message);
}

/** A whole number that need not be given. */
export function count(min: number, max: number, fallback: number): z.ZodDefault<z.ZodType<number>> {
  return whole(min, max).default(fallback);
}

/** A duration in milliseconds, typed as `500ms`, `30s`, `5m`, `12h` or `7d`. The unit is required. */
export const duration = z.string().transform((typed, context) => {
  const ms = parseDuration(typed);
  if (ms !== undefined) return ms;
  context.addIssue("must be a duration with a unit, such as 500ms, 30s or 7d");
  return z.NEVER;
});

/** A size in bytes, typed as `500K`, `100M` or `1G`. The unit is required. */
export const sizeInBytes = z.string().transform((typed, context) => {
  const bytes = parseSize(typed);
  if (bytes !== undefined) return bytes;
  context.addIssue("must be a size with a unit, such as 500K, 100M or 1G");
  return z.NEVER;
});

/**
 * Where an app listens: a port, a path, or a URL. What is not said comes from `base`; but a bare port is on `localhost`, which also finds
 * apps that listen on ::1 alone.
 */
export function endpoint(base: string): z.ZodType<URL, string> {
  return z.string().transform((typed, context) => {
    const url = parseEndpoint(typed, base);
    if (url !== undefined) return url;
    context.addIssue("must be a port, a path or a URL, such as 3000, /hook or http://localhost:3000/webhook");
    return z.NEVER;
  });
}

function parseEndpoint(typed: string, base: string): URL | undefined {
  const [, port, path] = /^:?(\d{1,5})(\/.*)?$/.exec(typed) ?? [];
  if (port !== undefined) {
    if (Number(port) > 65_535) return undefined;
    return new URL(path ?? new URL(base).pathname, `http://localhost:${port}`);
  }
  if (typed.startsWith("/")) return new URL(typed, base);
  if (/^[a-z]+:\/\//i.test(typed)) return httpUrl(typed);
  const url = httpUrl(`http://${typed}`);
  // A host without a path gets the default path, like a bare port.
  if (url !== undefined && !/[/?#]/.test(typed)) url.pathname = new URL(base).pathname;
  return url;
}
