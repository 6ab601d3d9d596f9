/** Observes what the app sends to customers, and judges it for one delivery at a time of each customer. */
import { parseDuration } from "../../duration.ts";
import { asJsonObject, parseObject } from "../../json.ts";
import type { Answer, Answers } from "../../messages/answer.ts";
import type { Finding } from "../../report/finding.ts";
import type { Expectation } from "../expect.ts";
import { describeAnswer, describeExpected, isAnswer } from "./answer.ts";
import type { AnswerExpectation } from "./schema.ts";
import { concerns, subjectOf, type Subject } from "./subject.ts";

/** What observes the app: the emulator as its Graph API. */
export interface Observed {
  answers: Answers;
  /** Why requests for customers were rejected so far, in order. */
  rejections(): readonly string[];
  /** Makes known what a delivery names. */
  adopt(payload: unknown): void;
}

/** How long an app must be silent before nothing else is expected, in milliseconds. */
const QUIET_MS = 300;
const MAX_CUSTOMERS = 10_000;

export class Observer {
  readonly #observed: Observed;
  readonly #signal: AbortSignal;
  /** When something was last sent to the app for a customer; its late answers must not count for the next delivery. */
  readonly #sentAt = new Map<string, number>();
  /** The last delivery of each customer whose answers are awaited. */
  readonly #busy = new Map<string, Promise<void>>();

  constructor(observed: Observed, signal: AbortSignal) {
    this.#observed = observed;
    this.#signal = signal;
  }

  /** Makes known what the delivery names. */
  adopt(body: Uint8Array): void {
    const payload = asJsonObject(parseObject(Buffer.from(body).toString("utf8")));
    if (payload !== undefined) this.#observed.adopt(payload);
  }

  /** Call it when the app has responded to a delivery, whether or not its answers are awaited. */
  sent(body: Uint8Array): void {
    for (const customer of subjectOf(body).customers) {
      // In the order of the last delivery, so that the first one can be dropped.
      this.#sentAt.delete(customer);
      this.#sentAt.set(customer, performance.now());
      if (this.#sentAt.size > MAX_CUSTOMERS) this.#sentAt.delete(this.#sentAt.keys().next().value as string);
    }
  }

  /** Resolves when earlier deliveries to the same customers have their answers. Call `end` of the result in any case. */
  async begin(body: Uint8Array): Promise<Observation> {
    const subject = subjectOf(body);
    const before = [...subject.customers].flatMap((customer) => this.#busy.get(customer) ?? []);
    let end: (() => void) | undefined;
    const ended = new Promise<void>((resolve) => (end = resolve));
    for (const customer of subject.customers) this.#busy.set(customer, ended);
    await Promise.all(before);
    const last = [...subject.customers].reduce(
      (at, each) => Math.max(at, this.#sentAt.get(each) ?? -Infinity),
      -Infinity,
    );
    const left = last + QUIET_MS - performance.now();
    if (left > 0) await new Observation(subject, this.#observed, this.#signal, () => undefined).quiet(left);
    return new Observation(subject, this.#observed, this.#signal, () => {
      for (const customer of subject.customers) {
        if (this.#busy.get(customer) === ended) this.#busy.delete(customer);
      }
      end?.();
    });
  }
}

/** The answers to one delivery, from now on. */
export class Observation {
  readonly end: () => void;
  readonly #subject: Subject;
  readonly #observed: Observed;
  readonly #signal: AbortSignal;
  readonly #started = performance.now();
  /** The answers, and the number of rejections, before the delivery. */
  readonly #before: ReadonlySet<Answer>;
  readonly #rejectedBefore: number;
  /** When each answer was first seen, in milliseconds after the delivery. */
  readonly #seen = new Map<Answer, number>();

  constructor(subject: Subject, observed: Observed, signal: AbortSignal, end: () => void) {
    this.#subject = subject;
    this.#observed = observed;
    this.#signal = signal;
    this.end = end;
    this.#before = new Set(observed.answers.all().filter((answer) => concerns(subject, answer)));
    this.#rejectedBefore = observed.rejections().length;
  }

  /** The findings about what the app sent to the customer. Waits until all expected answers are there or their time is over. */
  async judge({ answers = [], nothingElse, within = 0 }: Expectation): Promise<Finding[]> {
    const expected = answers.map((each, index) => new Awaited(each, index + 1, within));
    const until = expected.reduce((longest, { withinMs }) => Math.max(longest, withinMs), 0);
    while (!expected.every((each) => each.isMet(this.#seen, this.#subject))) {
      if (!(await this.#next(until - (performance.now() - this.#started)))) break;
    }
    const findings = expected.map((each) => each.finding(this.#seen, this.#subject, this.#rejection()));
    if (nothingElse !== true) return findings;
    await this.quiet(QUIET_MS);
    const others = [...this.#seen.keys()].filter(
      (one) =>
        (one.kind === "message" || one.kind === "reaction") && !expected.some((each) => each.fits(one, this.#subject)),
    );
    const counted = expected.flatMap((each) => each.surplus(this.#seen, this.#subject));
    return [...findings, nothingElseFinding([...others, ...counted], expected.length > 0)];
  }

  /**
   * Resolves with all answers when none has come for `ms` milliseconds. The first answer to a message can take as long as `firstMs`: an app
   * that has just started is slow.
   */
  async quiet(ms: number, firstMs = ms): Promise<Answer[]> {
    const { customers, messages } = this.#subject;
    // Without a customer no answer can be attributed to the delivery.
    if (customers.size > 0 && (await this.#next(messages.size > 0 ? firstMs : ms))) while (await this.#next(ms));
    return [...this.#seen.keys()];
  }

  /** Waits for one more answer; false when none came. */
  async #next(ms: number): Promise<boolean> {
    const all = this.#observed.answers;
    const isNew = (answer: Answer) =>
      concerns(this.#subject, answer) && !this.#before.has(answer) && !this.#seen.has(answer);
    const found = await all.wait(isNew, Math.max(0, ms), this.#signal);
    if (found !== undefined) this.#seen.set(found, performance.now() - this.#started);
    return found !== undefined;
  }

  #rejection(): string | undefined {
    return this.#observed.rejections()[this.#rejectedBefore];
  }
}

/** One expected answer. */
class Awaited {
  readonly withinMs: number;
  readonly #expected: AnswerExpectation;
  readonly #number: number;

  constructor(expected: AnswerExpectation, number: number, within: number) {
    this.#expected = expected;
    this.#number = number;
    this.withinMs = (expected.within === undefined ? undefined : parseDuration(expected.within)) ?? within;
  }

  fits(answer: Answer, { messages }: Subject): boolean {
    return isAnswer(answer, this.#expected, messages);
  }

  isMet(seen: ReadonlyMap<Answer, number>, subject: Subject): boolean {
    return this.#fitting(seen, subject).length >= (this.#expected.count ?? 1);
  }

  /** Messages beyond a given count. */
  surplus(seen: ReadonlyMap<Answer, number>, subject: Subject): Answer[] {
    const { count = 1 } = this.#expected;
    return this.#fitting(seen, subject)
      .map(([answer]) => answer)
      .filter(({ kind }) => kind === "message" || kind === "reaction")
      .slice(count);
  }

  finding(seen: ReadonlyMap<Answer, number>, subject: Subject, rejection: string | undefined): Finding {
    const { count = 1 } = this.#expected;
    const [fitting, title] = [this.#fitting(seen, subject), `Answer ${this.#number}`];
    const expected = `${count > 1 ? `${count} × ` : ""}${describeExpected(this.#expected)} within ${this.withinMs / 1000} s`;
    const finding = { code: "answer", title, expected };
    const slowest = fitting[count - 1]?.[1];
    if (slowest !== undefined && slowest <= this.withinMs) {
      const [[answer]] = fitting as [[Answer, number]];
      return { ...finding, status: "pass", got: `${describeAnswer(answer)} after ${Math.round(slowest)} ms` };
    }
    if (slowest !== undefined) {
      return {
        ...finding,
        status: "fail",
        got: `after ${Math.round(slowest)} ms`,
        fix: "answer sooner, or allow more time with within",
      };
    }
    if (rejection !== undefined) {
      const fix = "correct the request: the Graph API would reject it as well";
      return { ...finding, status: "fail", got: `a request that was rejected: ${rejection}`, fix };
    }
    return { ...finding, status: "fail", got: gotInstead(seen, fitting.length), fix: NO_ANSWER };
  }

  #fitting(seen: ReadonlyMap<Answer, number>, subject: Subject): [Answer, number][] {
    return [...seen].filter(([answer]) => this.fits(answer, subject));
  }
}

const NO_ANSWER =
  "check the app's log, and that it sends to GRAPH_API_URL; add --fresh if it ignores messages that it has seen before";
const SHOWN = 3;

function gotInstead(seen: ReadonlyMap<Answer, number>, fitting: number): string {
  if (fitting > 0) return `only ${fitting}`;
  if (seen.size === 0) return "nothing";
  const shown = [...seen.keys()].slice(0, SHOWN).map(describeAnswer);
  return `${shown.join(", ")}${seen.size > SHOWN ? `, and ${seen.size - SHOWN} more` : ""}`;
}

function nothingElseFinding(others: readonly Answer[], expectsSome: boolean): Finding {
  const expected = expectsSome ? "nothing besides the expected answers" : "no answer";
  const finding = { code: "nothing-else", title: "Nothing else", expected };
  if (others.length === 0) return { ...finding, status: "pass", got: expected };
  const got = others.slice(0, SHOWN).map(describeAnswer).join(", ");
  const fix = expectsSome
    ? "send each answer once, or expect it as well"
    : "send nothing for this delivery, or expect it";
  return { ...finding, status: "fail", got: others.length > SHOWN ? `${got}, …` : got, fix };
}

/** The findings of a delivery whose answers are not awaited because the app did not accept it. */
export function notAwaited({ answers = [], nothingElse }: Expectation): Finding[] {
  const skipped = { status: "skip", got: "not awaited: the response was not as expected" } as const;
  const findings = answers.map((each, index): Finding => ({
    code: "answer",
    title: `Answer ${index + 1}`,
    expected: describeExpected(each),
    ...skipped,
  }));
  if (nothingElse !== true) return findings;
  return [...findings, { code: "nothing-else", title: "Nothing else", expected: "no other answer", ...skipped }];
}
