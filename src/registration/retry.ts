/** Steps that are taken again until one of them finds that everything is done. */
import { setTimeout as sleep } from "node:timers/promises";

import { RejectedError, UnavailableError } from "../errors.ts";
import { metaOf, isRateLimited } from "../graph/errors.ts";

/** How a failed change is tried again; all in milliseconds. */
export interface Pace {
  /** The first pause. Each is twice the one before, less a random part. */
  first: number;
  most: number;
  /** After this long it is given up, where anything waits for it. */
  patience: number;
}

export const PACE: Pace = { first: 250, most: 30_000, patience: 8000 };

export function pauseOf(attempt: number, { first, most }: Pace): number {
  return Math.min(most, first * 2 ** Math.min(attempt, 20)) * (0.5 + Math.random() / 2);
}

/** Whether the same request can succeed later: nobody answered, or Meta says so. */
export function isPassing(error: unknown): error is UnavailableError | RejectedError {
  if (error instanceof UnavailableError) return true;
  return error instanceof RejectedError && (isRateLimited(error) || metaOf(error)?.transient === true);
}

export interface Retrying {
  /** No further attempt after it. */
  signal: AbortSignal;
  pace: Pace;
}

/**
 * Takes steps until one returns something: each reads what Meta has and changes at most one thing, so that a change whose outcome was
 * unclear is settled by the next reading. Throws the error of the last step when time is up, and at once one that will not pass.
 */
export async function converge<Result>(
  step: () => Promise<Result | undefined>,
  { signal, pace }: Retrying,
): Promise<Result> {
  const deadline = performance.now() + pace.patience;
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
