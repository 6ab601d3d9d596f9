/** What a kind is: one file that knows everything about one message type, one status or one webhook field. */
import * as z from "zod";

/** What reading one item gave: a line for people, or the places where it surprised us. */
export type Reading = { summary: string } | { problems: Problem[] };

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
      const parsed = schema.safeParse(item, { reportInput: true });
      return parsed.success ? { summary: summary(parsed.data) } : { problems: parsed.error.issues.flatMap(toProblems) };
    },
  };
}

/** `text.body: expected string, received number`. */
export function describeProblem({ place, message }: Problem): string {
  return place === "" ? message : `${place}: ${message}`;
}

/** What zod found, in our words. */
export function toProblems(issue: z.core.$ZodIssue): Problem[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({ place: placeOf([...issue.path, key]), message: "is not known here", what: "unknown" }));
  }
  const missing = issue.code === "invalid_type" && issue.input === undefined;
  const message = issue.message.replace(/^Invalid input: /, "");
  return [{ place: placeOf(issue.path), message, what: missing ? "missing" : "wrong" }];
}

function placeOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (place, key) => (typeof key === "number" ? `${place}[${key}]` : place === "" ? String(key) : `${place}.${String(key)}`),
    "",
  );
}
