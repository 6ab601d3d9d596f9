/** What a test expects of an app's answers, and whether an answer fits. */
import type { Answer } from "../messages/answer.ts";

/** An asymmetric matcher of the runner, such as `expect.stringContaining("blue")`. */
interface AsymmetricMatcher {
  asymmetricMatch(other: unknown): boolean;
}

/** The whole text, a pattern in it, or an asymmetric matcher. */
export type ExpectedText = string | RegExp | AsymmetricMatcher;

/** What narrows an expected text or reaction. */
export interface ExpectedTarget {
  /** The recipient: a number with its country code, with or without `+`, or a user id. */
  to?: string;
  /** The id of the message that it quotes. */
  replyTo?: string;
  /** Exactly this many. Default: at least one. */
  times?: number;
}

/** A message to a customer; only what is given is compared. */
export interface ExpectedMessage extends ExpectedTarget {
  /** Meta's type: `text`, `image`, `template`; of an interactive message its own, such as `button` or `list`. */
  type?: string;
  /** What the customer reads: body, caption, template name, or all texts of an interactive message, a line each. */
  text?: ExpectedText;
  /** A part of the request's body, at any depth: `{ text: { preview_url: true } }`. */
  body?: object;
}

/** The most milliseconds to wait for an answer, beside what narrows it. */
export interface Within {
  /** In milliseconds. Default: 3000, less than the time limits of tests. */
  within?: number;
}

/** One expectation: which answers fit, and how it is named in a failure. */
export interface Expectation {
  /** `a text "Hello" to 16505551234` */
  name: string;
  times: number | undefined;
  fits(answer: Answer): boolean;
}

export function message(expected: ExpectedMessage): Expectation {
  const { type, text, to, replyTo, body, times } = expected;
  return {
    name: [
      type === undefined ? "a message" : `${/^[aeiou]/.test(type) ? "an" : "a"} ${type}`,
      ...(text === undefined ? [] : [shown(text)]),
      ...recipient(to),
      ...(replyTo === undefined ? [] : [`quoting ${replyTo}`]),
      ...(body === undefined ? [] : [`with ${shown(body)}`]),
    ].join(" "),
    times,
    fits: (answer) =>
      answer.kind === "message" &&
      contains(answer.type, type) &&
      contains(answer.text, text) &&
      isTo(answer, to) &&
      contains(answer.replyTo, replyTo) &&
      contains(answer.body, body),
  };
}

export function reaction(emoji: ExpectedText | undefined, { to, replyTo, times }: ExpectedTarget): Expectation {
  return {
    name: [
      "a reaction",
      ...(emoji === undefined ? [] : [shown(emoji)]),
      ...recipient(to),
      ...(replyTo === undefined ? [] : [`for ${replyTo}`]),
    ].join(" "),
    times,
    fits: (answer) =>
      answer.kind === "reaction" &&
      contains(answer.text, emoji) &&
      isTo(answer, to) &&
      contains(answer.messageId, replyTo),
  };
}

/** A read receipt or a typing indicator for a customer's message; without an id, for any. */
export function receipt(kind: "read" | "typing", messageId: string | undefined): Expectation {
  const name = kind === "read" ? "a read receipt" : "a typing indicator";
  return {
    name: messageId === undefined ? name : `${name} for ${messageId}`,
    times: undefined,
    fits: (answer) => answer.kind === kind && contains(answer.messageId, messageId),
  };
}

/** Anything that a customer would notice as a message: messages and reactions. */
export function anything(to: string | undefined): Expectation {
  return {
    name: ["nothing", ...recipient(to)].join(" "),
    times: undefined,
    fits: (answer) => (answer.kind === "message" || answer.kind === "reaction") && isTo(answer, to),
  };
}

function recipient(to: string | undefined): string[] {
  return to === undefined ? [] : [`to ${to}`];
}

function isTo(answer: Answer, to: string | undefined): boolean {
  return to === undefined || (answer.to !== undefined && bare(answer.to) === bare(to));
}

/** A number without its `+` and separators; anything else as it is. */
function bare(recipient: string): string {
  return /^\+?[\d\s().-]+$/.test(recipient) ? recipient.replaceAll(/\D/g, "") : recipient;
}

/** Whether every part of `expected` is in `got`; an undefined part is in everything. */
function contains(got: unknown, expected: unknown): boolean {
  if (expected === undefined) return true;
  if (expected instanceof RegExp) return typeof got === "string" && new RegExp(expected).test(got);
  if (typeof expected !== "object" || expected === null) return Object.is(got, expected);
  if (isAsymmetric(expected)) return expected.asymmetricMatch(got);
  if (typeof got !== "object" || got === null || Array.isArray(got) !== Array.isArray(expected)) return false;
  if (Array.isArray(expected) && expected.length !== (got as unknown[]).length) return false;
  return Object.entries(expected).every(([key, part]) => Object.hasOwn(got, key) && contains(got[key as never], part));
}

function isAsymmetric(expected: object): expected is AsymmetricMatcher {
  return "asymmetricMatch" in expected && typeof expected.asymmetricMatch === "function";
}

function shown(expected: unknown): string {
  return patternIn(expected) ?? JSON.stringify(expected, (_, part: unknown) => patternIn(part) ?? part);
}

/** A regular expression as it is written; an asymmetric matcher with its sample: `StringContaining "blue"`. */
function patternIn(expected: unknown): string | undefined {
  if (expected instanceof RegExp) return String(expected);
  if (typeof expected !== "object" || expected === null || !isAsymmetric(expected)) return undefined;
  const { sample, toString } = expected as { sample?: unknown; toString(): string };
  const name = toString.call(expected);
  return sample === undefined ? name : `${name} ${shown(sample)}`;
}
