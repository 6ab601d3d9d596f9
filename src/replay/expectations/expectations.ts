/** Which expectation a delivery has: that of the file beside it, its own or a pattern's in the expectations file, or the default. */
import { parseDuration } from "../../duration.ts";
import { UsageError } from "../../errors.ts";
import { globOf } from "../../webhook/words.ts";
import type { Expectation } from "../expect.ts";
import { readFixtureExpectation } from "./read.ts";
import type { ExpectationsFile, FixtureExpectation } from "./schema.ts";

const WITHIN_MS = 5000;

/** Where expectations come from. */
export interface ExpectationSources {
  cwd: string;
  /** Expectations that no file contains. */
  base: Expectation;
  file?: { name: string; content: ExpectationsFile };
  /** Whether it is known what the app sends to customers. */
  observed: boolean;
}

/** What a delivery is called, and the file with its expectation. */
export interface Expected {
  name: string;
  expectFile?: string;
}

export class Expectations {
  readonly #sources: ExpectationSources;
  readonly #unused: Set<string>;
  readonly #patterns: { key: string; pattern: RegExp }[];
  readonly #found = new Map<string, Expectation>();

  constructor(sources: ExpectationSources) {
    this.#sources = sources;
    const keys = Object.keys(sources.file?.content.fixtures ?? {});
    this.#unused = new Set(keys);
    // The longer, the more exact.
    const patterns = keys.filter((key) => key.includes("*")).toSorted((one, other) => other.length - one.length);
    this.#patterns = patterns.map((key) => ({ key, pattern: globOf(key) }));
  }

  /** The names and patterns in the file that no delivery had so far. */
  get unused(): string[] {
    return [...this.#unused];
  }

  /** Throws a `UsageError` when the file of the delivery is invalid, or when answers are expected that nobody observes. */
  of({ name, expectFile }: Expected): Expectation {
    const key = expectFile ?? name;
    const known = this.#found.get(key);
    if (known !== undefined) return known;
    const { cwd, base, file, observed } = this.#sources;
    const { own, place } = this.#own(name, expectFile, cwd);
    const expectation = merged(base, file?.content.defaults ?? {}, own);
    if (!observed && (expectation.answers !== undefined || expectation.nothingElse === true)) throw unobserved(place);
    if (this.#found.size < MAX_FOUND) this.#found.set(key, expectation);
    return expectation;
  }

  #own(name: string, expectFile: string | undefined, cwd: string): { own: FixtureExpectation; place: string } {
    const { file } = this.#sources;
    const fixtures = file?.content.fixtures ?? {};
    const key = Object.hasOwn(fixtures, name) ? name : this.#patterns.find(({ pattern }) => pattern.test(name))?.key;
    if (key !== undefined) this.#unused.delete(key);
    if (expectFile !== undefined) return { own: readFixtureExpectation(expectFile, cwd), place: expectFile };
    if (key !== undefined) return { own: fixtures[key] ?? {}, place: `${file?.name}: ${key}` };
    return { own: {}, place: file?.name ?? "--expect-answer" };
  }
}

/** A stream of recorded deliveries can have any number of names. */
const MAX_FOUND = 10_000;

function merged(
  base: Expectation,
  defaults: Omit<FixtureExpectation, "answers">,
  own: FixtureExpectation,
): Expectation {
  const given = { ...defaults, ...own };
  const { status, maxLatency, body, within, nothingElse, answers = base.answers } = given;
  const latency = maxLatency === undefined ? base.maxLatency : parseDuration(maxLatency);
  return {
    status: status ?? base.status,
    ...(latency === undefined ? {} : { maxLatency: latency }),
    ...(body === undefined ? {} : { body }),
    ...(answers === undefined ? {} : { answers }),
    ...(nothingElse === true ? { nothingElse } : {}),
    within: (within === undefined ? undefined : parseDuration(within)) ?? base.within ?? WITHIN_MS,
  };
}

function unobserved(place: string): UsageError {
  return new UsageError(`${place} expects answers to the customer, which only the emulator sees`, {
    code: "expectations.unobserved",
    hint: 'add --emulate, and let wa-hook start the app with its settings: --emulate --start "npm start"',
  });
}
