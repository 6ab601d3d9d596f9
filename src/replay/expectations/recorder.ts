/** Writes down what the app does now as expectations. */
import type { Answer } from "../../messages/answer.ts";
import type { AppResponse } from "../expect.ts";
import {
  isPattern,
  SCHEMA_PATH,
  type AnswerExpectation,
  type ExpectationsFile,
  type FixtureExpectation,
  type TextExpectation,
} from "./schema.ts";
import { subjectOf } from "./subject.ts";

const MAX_FIXTURES = 10_000;
const MAX_ANSWERS = 100;
/** The regular expressions of a file are shorter. */
const MAX_PATTERN = 1000;
/** What an expected body can have. */
const MAX_BODY = 500;

export class Recorder {
  /** How long the app must be silent before its answers to a delivery are complete, in milliseconds. */
  readonly quietMs: number;
  readonly #fixtures = new Map<string, FixtureExpectation>();

  constructor(quietMs: number) {
    this.quietMs = quietMs;
  }

  get count(): number {
    return this.#fixtures.size;
  }

  /** The first delivery of a name counts: a repeated one can be a duplicate for the app. */
  add(name: string, { status, body = "" }: AppResponse, answers: readonly Answer[], delivered: Uint8Array): void {
    if (status === undefined || this.#fixtures.has(name) || this.#fixtures.size >= MAX_FIXTURES) return;
    const { messages, customers } = subjectOf(delivered);
    const ids = [...messages, ...customers];
    this.#fixtures.set(name, {
      ...(status === 200 ? {} : { status: String(status) }),
      ...(body === "" || body.length >= MAX_BODY ? {} : { body: textOf(body, ids) }),
      answers: grouped(answers.map((answer) => expectationOf(answer, ids, messages))).slice(0, MAX_ANSWERS),
      nothingElse: true,
    });
  }

  /** A whole file. What an earlier one expects of other fixtures stays. */
  file(earlier?: ExpectationsFile): ExpectationsFile {
    const fixtures = { ...earlier?.fixtures, ...Object.fromEntries(this.#fixtures) };
    return { $schema: SCHEMA_PATH, ...earlier, fixtures };
  }
}

function expectationOf(answer: Answer, ids: readonly string[], messages: ReadonlySet<string>): AnswerExpectation {
  const { kind, type, text, replyTo } = answer;
  if (kind === "read" || kind === "typing") return { [kind]: true };
  if (kind === "reaction") return { reaction: text === undefined || text === "" ? true : text };
  return {
    ...(type === undefined ? {} : { type }),
    ...(text === undefined ? {} : { text: textOf(text, ids) }),
    ...(messages.has(replyTo ?? "") ? { quotes: true as const } : {}),
  };
}

/** In an order of its own, because that of an app can change; equal ones with their count. */
function grouped(answers: readonly AnswerExpectation[]): AnswerExpectation[] {
  const counts = new Map<string, { answer: AnswerExpectation; count: number }>();
  for (const answer of answers) {
    const key = JSON.stringify(answer);
    const known = counts.get(key) ?? { answer, count: 0 };
    known.count++;
    counts.set(key, known);
  }
  return [...counts]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([, { answer, count }]) => (count === 1 ? answer : { ...answer, count }));
}

/** What differs from run to run: ids of messages, UUIDs, times. */
const VARYING = [
  String.raw`wamid\.[\w+/=-]+`,
  String.raw`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`,
  String.raw`\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?`,
  String.raw`\b\d{1,2}:\d\d(?::\d\d)?\b`,
  String.raw`\b1[6-9]\d{8}(?:\d{3})?\b`,
];

/** The text itself, or a pattern when it contains an id or a time. */
function textOf(text: string, ids: readonly string[]): TextExpectation {
  const varying = new RegExp([...ids.map(escaped), ...VARYING].join("|"), "giu");
  const pattern = `^${text.split(varying).map(escaped).join(".+?")}$`;
  if (!varying.test(text)) return { equals: text };
  return { matches: shortened(pattern) };
}

/** A pattern that is too long is cut to its beginning. */
function shortened(pattern: string): string {
  if (pattern.length <= MAX_PATTERN) return pattern;
  for (let end = MAX_PATTERN; end > 0; end--) {
    const beginning = pattern.slice(0, end);
    if (isPattern(beginning)) return beginning;
  }
  return "^";
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
}
