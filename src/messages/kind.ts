/** What a kind is: one file that knows everything about one message type, one status or one webhook field. */
import * as z from "zod";

/** What reading one item of a payload gave: a line for people, or the places where it surprised us. */
type Reading = { summary: string } | { problems: string[] };

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
      const parsed = schema.safeParse(item);
      return parsed.success ? { summary: summary(parsed.data) } : { problems: parsed.error.issues.map(describe) };
    },
  };
}

function describe(issue: z.core.$ZodIssue): string {
  const place = issue.path.reduce<string>(
    (path, key) => (typeof key === "number" ? `${path}[${key}]` : path === "" ? String(key) : `${path}.${String(key)}`),
    "",
  );
  const message = issue.message.replace(/^Invalid input: /, "");
  return place === "" ? message : `${place}: ${message}`;
}
