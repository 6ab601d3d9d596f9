/** Compares an answer of the app with an expected one, and describes both. */
import type { Answer } from "../../messages/answer.ts";
import { kindsOf, type AnswerExpectation } from "./schema.ts";
import { describeText, isText, quoted } from "./text.ts";

/** `messages`: the ids of the messages that were delivered. */
export function isAnswer(answer: Answer, expected: AnswerExpectation, messages: ReadonlySet<string>): boolean {
  const { type, text, reaction, quotes } = expected;
  const [kind] = kindsOf(expected);
  if (answer.kind !== kind) return false;
  if (kind === "reaction") return reaction === true || answer.text === reaction;
  if (kind !== "message") return true;
  if (type !== undefined && answer.type !== type) return false;
  if (quotes === true && !messages.has(answer.replyTo ?? "")) return false;
  return text === undefined || isText(answer.text ?? "", text);
}

const NAMES = { read: "a read receipt", typing: "the typing indicator" } as const;

/** `a text that contains "blue"` */
export function describeExpected(expected: AnswerExpectation): string {
  const { type, text, reaction, quotes } = expected;
  const [kind] = kindsOf(expected);
  if (kind === "read" || kind === "typing") return NAMES[kind];
  if (kind === "reaction") return reaction === true ? "a reaction" : `the reaction ${reaction}`;
  const words = [type === undefined ? "a message" : named(type), ...(text === undefined ? [] : [describeText(text)])];
  return [...words, ...(quotes === true ? ["that quotes the message"] : [])].join(" ");
}

/** `a text "In stock"` */
export function describeAnswer({ kind, type = "message", text }: Answer): string {
  if (kind === "read" || kind === "typing") return NAMES[kind];
  if (kind === "reaction") return text === "" ? "a reaction removed" : `the reaction ${text}`;
  return text === undefined ? named(type) : `${named(type)} ${quoted(text)}`;
}

/** `an image`; the type of an interactive message is not a word of its own. */
function named(type: string): string {
  return `${/^[aeiou]/.test(type) ? "an" : "a"} ${type.replaceAll("_", " ")}`;
}
