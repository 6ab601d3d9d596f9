/** What a kind is: one file that knows everything about one message type, one status or one webhook field. */
import * as z from "zod";

/** What reading one item gave: a line for people, or the places where it surprised us. */
type Reading = { summary: string } | { problems: Problem[] };

/** One place that is not as it has to be. */
export interface Problem {
  /** `text.body`, `interactive.action.buttons[3]`; empty for the whole. */
  place: string;
  /** What is wrong there, for the end of a sentence that begins with the place. */
  message: string;
  /** Nothing is there; or something is that nobody knows. */
  what: "missing" | "unknown" | "wrong";
}

export interface Kind {
  /** Meta's own word: `text`, `delivered`, `account_update`. */
  readonly name: string;
  /** Items as Meta sends them, by variant; each becomes the fixture `name` or `name.variant`. */
  readonly examples: Readonly<Record<string, object>>;
  /** Never throws: an item of another shape than we know is told, not refused. */
  read(item: unknown): Reading;
}

interface Definition<Schema extends z.ZodType> {
  schema: Schema;
  examples: Record<string, object>;
  /** What happened, in a few words: the text, the file's name, why it failed. */
  summary(item: z.output<Schema>): string;
}

export function defineKind<Schema extends z.ZodType>(name: string, definition: Definition<Schema>): Kind {
  const { schema, examples, summary } = definition;
  return {
    name,
    examples,
    read(item) {
      try {
        const parsed = schema.safeParse(item, { reportInput: true });
        if (parsed.success) return { summary: summary(parsed.data) };
        return { problems: parsed.error.issues.flatMap(toProblems) };
      } catch (error) {
        // Of very many faults in one item, zod overflows the stack.
        if (!(error instanceof RangeError)) throw error;
        return { problems: [{ place: "", message: "has more faults than can be told", what: "wrong" }] };
      }
    },
  };
}

/** The name of an example: `text` for the default one, `text.emoji` for another. */
export function exampleName(name: string, variant: string): string {
  return variant === "default" ? name : `${name}.${variant}`;
}

/** `text.body must be text, not a number`. */
export function describeProblem({ place, message }: Problem): string {
  return place === "" ? message : `${place} ${message}`;
}

/** What zod found, in our words. A rule of our own says its words itself, and `params.what` when it is not `wrong`. */
export function toProblems(issue: z.core.$ZodIssue): Problem[] {
  const place = placeOf(issue.path);
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => ({
        place: placeOf([...issue.path, key]),
        message: "is not known here",
        what: "unknown",
      }));
    case "custom":
      return [{ place, message: issue.message, what: (issue.params?.["what"] as Problem["what"]) ?? "wrong" }];
    case "invalid_type":
      return [mismatch(place, nameOfType(issue.expected), issue.input, nameOf)];
    case "invalid_value":
      return [mismatch(place, anyOf(issue.values.map(show)), issue.input, show)];
    case "invalid_union":
      return ofUnion(issue);
    default:
      return [{ place, message: issue.message, what: "wrong" }];
  }
}

/** One of several shapes was expected: tells of the one that fits best. */
function ofUnion(issue: z.core.$ZodIssueInvalidUnion): Problem[] {
  if (issue.errors.length === 0) {
    // Without branches it is the key that tells the shapes apart; the input is the object around it.
    const { discriminator = "", options = [], input } = issue as typeof issue & { options?: unknown[] };
    const given = (input as Record<string, unknown> | undefined)?.[discriminator];
    return [mismatch(placeOf(issue.path), anyOf(options.map(show)), given, show)];
  }
  const deep = issue.errors.find(
    (branch) => !branch.every(({ code, path }) => code === "invalid_type" && path.length === 0),
  );
  if (deep !== undefined)
    return deep.flatMap((inner) => toProblems({ ...inner, path: [...issue.path, ...inner.path] }));
  const names = issue.errors.flat().map((inner) => (inner.code === "invalid_type" ? nameOfType(inner.expected) : ""));
  return [mismatch(placeOf(issue.path), anyOf(names), issue.input, nameOf)];
}

/** Nothing is there, or something else than what is expected; `tell` says what, for the end of a sentence. */
export function mismatch(place: string, expected: string, input: unknown, tell: (value: unknown) => string): Problem {
  if (input === undefined) return { place, message: "is missing", what: "missing" };
  return { place, message: `must be ${expected}, not ${tell(input)}`, what: "wrong" };
}

const TYPES: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  object: "an object",
  record: "an object",
  array: "a list",
};

function nameOfType(type: string): string {
  return TYPES[type] ?? type;
}

function nameOf(value: unknown): string {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "number" && !Number.isInteger(value)) return String(value);
  return nameOfType(Array.isArray(value) ? "array" : typeof value);
}

/** A value as it is written, when it is short enough to be: `"photo"`, `4`, an object. */
export function show(value: unknown): string {
  if (typeof value === "number") return String(value);
  if (typeof value !== "string") return nameOf(value);
  return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
}

/** `a, b or c`. */
export function anyOf(words: readonly string[]): string {
  const last = words.at(-1) ?? "";
  return words.length < 2 ? last : `${words.slice(0, -1).join(", ")} or ${last}`;
}

function placeOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (place, key) =>
      typeof key === "number" ? `${place}[${key}]` : place === "" ? String(key) : `${place}.${String(key)}`,
    "",
  );
}
