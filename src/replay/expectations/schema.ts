/** The shape of an expectations file, from which its JSON schema is generated. */
import * as z from "zod";

import { isStatusExpectation } from "../status.ts";

const time = z.string().regex(/^\d+(?:\.\d+)?(?:ms|s|m|h)$/, "must be a time with a unit, such as 500ms or 5s");

const text = z
  .strictObject({
    equals: z.string().max(20_000).optional().describe("The whole text"),
    contains: z.string().min(1).max(20_000).optional().describe("A part of the text; case matters"),
    matches: z
      .string()
      .min(1)
      .max(1000)
      .refine(isPattern, "must be a regular expression")
      .optional()
      .describe("A regular expression in JavaScript's notation, found anywhere in the text"),
  })
  .refine((given) => Object.keys(given).length > 0, "must have equals, contains or matches")
  .describe("A text: all that is given must hold");

const answer = z
  .strictObject({
    type: z
      .string()
      .min(1)
      .optional()
      .describe(
        "The type of a message: text, image, template …; of an interactive message its own: button, list, flow …",
      ),
    text: text.optional().describe("What the customer reads: body, caption, template name and parameters, buttons"),
    read: z.literal(true).optional().describe("A read receipt for the message"),
    typing: z.literal(true).optional().describe("The typing indicator"),
    reaction: z
      .union([z.literal(true), z.string().min(1)], "must be true or an emoji")
      .optional()
      .describe("A reaction to the message: true, or this emoji"),
    quotes: z.literal(true).optional().describe("The message quotes the one that was delivered"),
    count: z.int().min(1).max(100).optional().describe("How many of them are needed; default: 1"),
    within: time.optional().describe("The time from the delivery to the answer; default: that of the fixture"),
  })
  .refine(
    (given) => kindsOf(given).length === 1,
    "must be one of: a message (type, text, quotes), read, typing, reaction",
  )
  .describe("Something that the app sends to the customer");

const shared = {
  status: z
    .string()
    .refine(isStatusExpectation, "must be a status such as 200, 2xx or 200,401")
    .optional()
    .describe("The HTTP status: 200, 2xx or 200,401; default: 200"),
  maxLatency: time.optional().describe("The longest time until the response"),
  body: text.optional().describe("The body of the response; its first 500 characters count"),
  within: time.optional().describe("The time for all answers; default: 5s"),
  nothingElse: z.literal(true).optional().describe("No message or reaction besides the expected answers"),
};

const fixture = z.strictObject({
  $schema: z.string().optional(),
  ...shared,
  answers: z.array(answer).max(100).optional().describe("What the app must send to the customer, in any order"),
});

const file = z.strictObject({
  $schema: z.string().optional(),
  defaults: z.strictObject(shared).optional().describe("For every delivery, unless its own expectation says otherwise"),
  fixtures: z
    .record(z.string().min(1), fixture)
    .describe(
      "By fixture: a name or file as replay prints it, or a pattern such as status.*; the most exact one counts",
    ),
});

export type TextExpectation = z.output<typeof text>;
export type AnswerExpectation = z.output<typeof answer>;
export type FixtureExpectation = z.output<typeof fixture>;
export type ExpectationsFile = z.output<typeof file>;

/** A whole file, and the expectation of one fixture in a file of its own. */
export const schemas = { file, fixture };

/** Where the published package has the JSON schema. */
export const SCHEMA_PATH = "node_modules/wa-hook/schemas/expectations.schema.json";

/** The JSON schema for editors. */
export function jsonSchema(): object {
  return { title: "Expectations of wa-hook replay", ...z.toJSONSchema(file) };
}

type Kinds = Partial<Record<"type" | "text" | "read" | "typing" | "reaction" | "quotes", unknown>>;

/** The sorts of answer that an expectation names. */
export function kindsOf({ type, text: content, quotes, read, typing, reaction }: Kinds): string[] {
  const kinds = { message: type ?? content ?? quotes, read, typing, reaction };
  return Object.entries(kinds).flatMap(([kind, given]) => (given === undefined ? [] : [kind]));
}

/** Whether it is a regular expression. */
export function isPattern(source: string): boolean {
  try {
    return new RegExp(source, "u") instanceof RegExp;
  } catch {
    return false;
  }
}
