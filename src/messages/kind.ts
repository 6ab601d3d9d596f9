/** The contract of a kind: one file that defines everything about one message type, one status or one webhook field. */
import * as z from "zod";

/** The result of reading one item: a summary for people, or the problems of its shape. */
type Reading = Summary | { problems: Problem[] };

interface Summary {
  /** What happened, in one line. */
  summary: string;
  /** What to do about it, as an imperative. */
  fix?: string;
  /** Meta's error code. */
  code?: number;
}

/** One place where an item does not have the expected shape. */
export interface Problem {
  /** `text.body`, `interactive.action.buttons[3]`; empty for the whole item. */
  path: string;
  /** The rest of a sentence whose subject is the path: `must be a string, not a number`. */
  message: string;
  /** `unknown`: a key that this version does not know; `unknown-value`: a known key with a type or a value that it does not know. */
  reason: "missing" | "unknown" | "unknown-value" | "invalid";
}

export interface Kind {
  /** Meta's name for it: `text`, `delivered`, `account_update`. */
  readonly name: string;
  /** Items as Meta sends them, by variant; each becomes the fixture `name` or `name.variant`. */
  readonly examples: Readonly<Record<string, object>>;
  /** The keys that are read. */
  readonly schema: z.ZodType;
  /** Never throws: an unexpected shape is reported as problems. */
  read(item: unknown): Reading;
}

interface Definition<Schema extends z.ZodType> {
  schema: Schema;
  examples: Record<string, object>;
  /** What happened, in one line: the text, the name of the file, the cause of a failure. */
  summary(item: z.output<Schema>): string;
  /** What to do about it, when something has to be done. */
  fix?(item: z.output<Schema>): string | undefined;
  /** Meta's error code, when the item carries an error. */
  code?(item: z.output<Schema>): number | undefined;
}

export function defineKind<Schema extends z.ZodType>(name: string, definition: Definition<Schema>): Kind {
  const { schema, examples, summary, fix, code } = definition;
  return {
    name,
    examples,
    schema,
    read(item) {
      try {
        const parsed = schema.safeParse(item, { reportInput: true });
        if (!parsed.success) return { problems: parsed.error.issues.flatMap(toProblems) };
        return summarize(summary(parsed.data), fix?.(parsed.data), code?.(parsed.data));
      } catch (error) {
        // With very many problems in one item, zod overflows the stack.
        if (!(error instanceof RangeError)) throw error;
        return { problems: [{ path: "", message: "has too many problems to list", reason: "invalid" }] };
      }
    },
  };
}

/** A summary without the keys that have no value. */
export function summarize(summary: string, fix: string | undefined, code: number | undefined): Summary {
  return { summary, ...(fix === undefined ? {} : { fix }), ...(code === undefined ? {} : { code }) };
}

/** The name of an example: `text` for the default one, `text.emoji` for another. */
export function exampleName(name: string, variant: string): string {
  return variant === "default" ? name : `${name}.${variant}`;
}

/** `text.body must be a string, not a number`. */
export function describeProblem({ path, message }: Problem): string {
  return path === "" ? message : `${path} ${message}`;
}

/** Converts a zod issue. A custom rule provides its own message, and a `params.reason` other than `invalid` if needed. */
export function toProblems(issue: z.core.$ZodIssue): Problem[] {
  const path = formatPath(issue.path);
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => ({
        path: formatPath([...issue.path, key]),
        message: "is not a supported key",
        reason: "unknown",
      }));
    case "custom":
      return [{ path, message: issue.message, reason: (issue.params?.["reason"] as Problem["reason"]) ?? "invalid" }];
    case "invalid_type":
      return [mismatch(path, typeName(issue.expected), issue.input, typeOf)];
    case "invalid_value":
      return [mismatch(path, orList(issue.values.map(formatValue)), issue.input, formatValue)];
    case "invalid_union":
      return unionProblems(issue);
    default:
      return [{ path, message: issue.message, reason: "invalid" }];
  }
}

/** When none of several shapes matches, reports the problems of the closest one. */
function unionProblems(issue: z.core.$ZodIssueInvalidUnion): Problem[] {
  if (issue.errors.length === 0) {
    // A discriminated union has no branches to compare, and its input is the object that holds the discriminator.
    const { discriminator = "", options = [], input } = issue as typeof issue & { options?: unknown[] };
    const given = (input as Record<string, unknown> | undefined)?.[discriminator];
    return [mismatch(formatPath(issue.path), orList(options.map(formatValue)), given, formatValue)];
  }
  const deep = issue.errors.find(
    (branch) => !branch.every(({ code, path }) => code === "invalid_type" && path.length === 0),
  );
  if (deep !== undefined)
    return deep.flatMap((inner) => toProblems({ ...inner, path: [...issue.path, ...inner.path] }));
  const names = issue.errors.flat().map((inner) => (inner.code === "invalid_type" ? typeName(inner.expected) : ""));
  return [mismatch(formatPath(issue.path), orList(names), issue.input, typeOf)];
}

/** A missing value, or one that differs from what is expected; `describe` formats the value that was found. */
export function mismatch(
  path: string,
  expected: string,
  input: unknown,
  describe: (value: unknown) => string,
): Problem {
  if (input === undefined) return { path, message: "is missing", reason: "missing" };
  return { path, message: `must be ${expected}, not ${describe(input)}`, reason: "invalid" };
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: "a string",
  number: "a number",
  int: "an integer",
  boolean: "a boolean",
  object: "an object",
  record: "an object",
  array: "an array",
};

function typeName(type: string): string {
  return TYPE_NAMES[type] ?? type;
}

function typeOf(value: unknown): string {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "number" && !Number.isInteger(value)) return String(value);
  return typeName(Array.isArray(value) ? "array" : typeof value);
}

/** A short value as JSON, or the name of its type: `"photo"`, `4`, `an object`. */
export function formatValue(value: unknown): string {
  if (typeof value === "number") return String(value);
  if (typeof value !== "string") return typeOf(value);
  return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
}

/** `a, b or c`. */
export function orList(items: readonly string[]): string {
  const last = items.at(-1) ?? "";
  return items.length < 2 ? last : `${items.slice(0, -1).join(", ")} or ${last}`;
}

function formatPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (start, key) =>
      typeof key === "number" ? `${start}[${key}]` : start === "" ? String(key) : `${start}.${String(key)}`,
    "",
  );
}
