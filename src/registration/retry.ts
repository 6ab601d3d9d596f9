/** Repeats a step until it reports that everything is done, and retries transient errors. */
import { setTimeout as sleep } from "node:timers/promises";

import { RejectedError, UnavailableError } from "../errors.ts";
import { metaOf, isRateLimited } from "../graph/errors.ts";

/** The pauses between retries, in milliseconds. */
export interface Pace {
  /** The first pause. Each pause doubles, minus a random part. */
  first: number;
  longest: number;
  /** The total time limit. */
  timeLimit: number;
}

export const PACE: Pace = { first: 250, longest: 30_000, timeLimit: 8000 };

export function pauseOf(attempt: number, { first, longest }: Pace): number {
  return Math.min(longest, first * 2 ** Math.min(attempt, 20)) * (0.5 + Math.random() / 2);
}

/** Whether the same request can succeed later: there was no response, or Meta marks the error as transient. */
export function isPassing(error: unknown): error is UnavailableError | RejectedError {
  if (error instanceof UnavailableError) return true;
  return error instanceof RejectedError && (isRateLimited(error) || metaOf(error)?.transient === true);
}

export interface Retrying {
  /** Ends retrying. */
  signal: AbortSignal;
  pace: Pace;
}

/**
 * Repeats `step` until it returns a result. Each step reads the state at Meta and changes at most one thing, so the next read settles a
 * change with an unclear outcome. Throws permanent errors at once, and transient ones when the time limit has passed.
 */
export async function converge<Result>(
  step: () => Promise<Result | undefined>,
  { signal, pace }: Retrying,
): Promise<Result> {
  const deadline = performance.now() + pace.timeLimit;
  for (let failures = 0; ;) {
    try {
      const result = await step();
      if (result !== undefined) return result;
    } catch (error) {
      const pause = pauseOf(failures, pace);
      if (!isPassing(error) || signal.aborted || performance.now() + pause > deadline) throw error;
      failures += 1;
      await sleep(pause, undefined, { signal }).catch(() => undefined);
    }
  }
}
