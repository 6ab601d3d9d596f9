/** Matchers over what an app sent to an emulator, in the form that vitest's and jest's `expect.extend` take. */
import type { Emulator } from "../emulator/emulator.ts";
import { UsageError } from "../errors.ts";
import { answersIn, waitForAnswers } from "./answers.ts";
import {
  anything,
  message,
  reaction,
  receipt,
  type Expectation,
  type ExpectedMessage,
  type ExpectedTarget,
  type ExpectedText,
  type Within,
} from "./expected.ts";
import { failureText } from "./failure.ts";

/** The result of a matcher; `message` is called only for a failure. */
export interface MatcherResult {
  pass: boolean;
  message(): string;
}

const WITHIN_MS = 3000;

/**
 * For `expect.extend(matchers)`. Those named `toEventually…` wait and resolve as soon as an answer fits; negated, they wait for all of
 * `within`. The others judge what was sent until now.
 */
export const matchers = {
  toHaveSentText: (emulator: Emulator, text: ExpectedText, target: ExpectedTarget = {}) =>
    judge(emulator, message({ ...target, type: "text", text })),
  toHaveSent: (emulator: Emulator, expected: ExpectedMessage = {}) => judge(emulator, message(expected)),
  toHaveReacted: (emulator: Emulator, emoji?: ExpectedText, target: ExpectedTarget = {}) =>
    judge(emulator, reaction(emoji, target)),
  toHaveRead: (emulator: Emulator, messageId?: string) => judge(emulator, receipt("read", messageId)),
  toHaveShownTyping: (emulator: Emulator, messageId?: string) => judge(emulator, receipt("typing", messageId)),
  toHaveSentNothing: (emulator: Emulator, { to }: Pick<ExpectedTarget, "to"> = {}) => judgeNone(emulator, anything(to)),

  toEventuallySendText: (emulator: Emulator, text: ExpectedText, target: ExpectedTarget & Within = {}) =>
    wait(emulator, message({ ...target, type: "text", text }), target),
  toEventuallySend: (emulator: Emulator, expected: ExpectedMessage & Within = {}) =>
    wait(emulator, message(expected), expected),
  toEventuallyReact: (emulator: Emulator, emoji?: ExpectedText, target: ExpectedTarget & Within = {}) =>
    wait(emulator, reaction(emoji, target), target),
  toEventuallyRead: (emulator: Emulator, messageId?: string, within: Within = {}) =>
    wait(emulator, receipt("read", messageId), within),
  toEventuallyShowTyping: (emulator: Emulator, messageId?: string, within: Within = {}) =>
    wait(emulator, receipt("typing", messageId), within),
};

function judge(emulator: Emulator, expectation: Expectation): MatcherResult {
  const { times } = expectation;
  const count = countOf(emulator, expectation);
  return resultOf(emulator, times === undefined ? count > 0 : count === times, expectation);
}

function judgeNone(emulator: Emulator, expectation: Expectation): MatcherResult {
  const pass = countOf(emulator, expectation) === 0;
  return resultOf(emulator, pass, expectation);
}

async function wait(
  emulator: Emulator,
  expectation: Expectation,
  { within = WITHIN_MS }: Within,
): Promise<MatcherResult> {
  if (!(within >= 0)) {
    throw new UsageError(`within must be a number of milliseconds; got ${within}`, { code: "matcher.within" });
  }
  const enough = () => countOf(emulator, expectation) >= (expectation.times ?? 1);
  return resultOf(emulator, await waitForAnswers(emulator, enough, within), expectation, ` within ${within} ms`);
}

function countOf(emulator: Emulator, { fits }: Expectation): number {
  return answersIn(emulator).filter(fits).length;
}

function resultOf(emulator: Emulator, pass: boolean, { name, times }: Expectation, within = ""): MatcherResult {
  const exactly = times === undefined ? "" : `, ${times} times`;
  const expected = `expected the app${pass ? " not" : ""} to send ${name}${exactly}${within}`;
  return {
    pass,
    message: () => failureText(expected, { answers: answersIn(emulator), requests: emulator.requests }),
  };
}
