/** Judges whether the app answered each message once, although deliveries came more than once. */
import type { Answer } from "../messages/answer.ts";
import type { Finding } from "../report/finding.ts";
import type { Original } from "./chaos.ts";
import { describeAnswer } from "./expectations/answer.ts";
import { concerns, subjectOf } from "./expectations/subject.ts";

const FIX =
  "keep the ids of messages for 7 days, and ignore those that were handled: Meta delivers at least once, also at the same moment";
const MAX_FINDINGS = 100;

/**
 * A failed finding for each message that was delivered more than once and answered twice, and a passed one when there is none. Each delivery
 * has a customer of its own. A message counts as answered twice when the customer got the same message twice, or more messages than the
 * customers of the same fixture that was delivered once.
 */
export function judgeIdempotency(originals: readonly Original[], answers: readonly Answer[]): Finding[] {
  const messages = answers.filter(({ kind }) => kind === "message");
  const answered = originals.map((original) => {
    const subject = subjectOf(original.body);
    return { ...original, ids: [...subject.messages], answers: messages.filter((answer) => concerns(subject, answer)) };
  });
  const once = new Map<string, number>();
  for (const { name, copies, answers: given } of answered) {
    if (copies === 1) once.set(name, Math.max(once.get(name) ?? 0, given.length));
  }
  const repeated = answered.filter(({ copies, ids }) => copies > 1 && ids.length > 0);
  const findings = repeated.flatMap(({ name, copies, ids, answers: given }): Finding[] => {
    const pair = repeatedPair(given) ?? (given.length > (once.get(name) ?? Infinity) ? given.slice(-2) : undefined);
    if (pair === undefined) return [];
    const expected = `one answer to ${name} (${ids.join(", ")}), which was delivered ${copies} times`;
    return [{ ...ANSWERED_ONCE, status: "fail", expected, got: pair.map(describeRequest).join(" and "), fix: FIX }];
  });
  if (findings.length > 0) return findings.slice(0, MAX_FINDINGS);
  if (repeated.length === 0) return [];
  const answeredOnce = repeated.filter(({ answers: given }) => given.length > 0).length;
  const got = `${repeated.length} delivered more than once, ${answeredOnce} of them answered, none twice`;
  return [{ ...ANSWERED_ONCE, status: "pass", expected: "one answer to each message", got }];
}

const ANSWERED_ONCE = { code: "answered-once", title: "Answered once" } as const;

/** Two messages of the same type and text. */
function repeatedPair(answers: readonly Answer[]): Answer[] | undefined {
  for (const [index, one] of answers.entries()) {
    const other = answers.slice(index + 1).find(({ type, text }) => type === one.type && text === one.text);
    if (other !== undefined) return [one, other];
  }
  return undefined;
}

/** `a text "Hello" to 16502000003 at 12:00:00.123` */
function describeRequest(answer: Answer): string {
  const at = new Date(answer.at).toISOString().slice(11, 23);
  return `${describeAnswer(answer)} to ${answer.to} at ${at}`;
}
