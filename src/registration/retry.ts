/** Steps that are taken again until one of them finds that everything is done. */
import { setTimeout as sleep } from "node:timers/promises";

import { RejectedError, UnavailableError } from "../errors.ts";
import { metaOf, retriesHelp } from "../graph/errors.ts";

/** How long to wait between attempts, in milliseconds: doubled each time, from `first` to `most`, each less by a random part. */
export interface Pace {
  first: number;
  most: number;
}

export const PACE: Pace = { first: 250, most: 30_000 };

export function pauseOf(attempt: number, { first, most }: Pace): number {
  return Math.min(most, first * 2 ** Math.min(attempt, 20)) * (0.5 + Math.random() / 2);
}

/** Whether the same request can succeed later: nobody answered, or Meta says so. */
export function isPassing(error: unknown): error is UnavailableError | RejectedError {
  if (error instanceof UnavailableError) return true;
  return error instanceof RejectedError && (retriesHelp(error) || metaOf(error)?.transient === true);
}

export interface Retrying {
  /** No further attempt after it. */
  signal: AbortSignal;
  /** How long to go on trying, in milliseconds. */
  budget: number;
  pace: Pace;
}

/**
 * Takes steps until one returns something: each reads what Meta has and changes at most one thing, so that a change whose outcome was
 * unclear is settled by the next reading. Throws the error of the last step when time is up, and at once one that will not pass.
 */
export async function converge<Result>(
  step: () => Promise<Result | undefined>,
  { signal, budget, pace }: Retrying,
): Promise<Result> {
  const deadline = performance.now() + budget;
  for (let failures = 0; ; ) {
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
