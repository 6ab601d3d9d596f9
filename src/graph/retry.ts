/** Repeats a request that Meta refused because of a rate limit. */
import { setTimeout as sleep } from "node:timers/promises";

import { RejectedError } from "../errors.ts";
import { isRateLimited } from "./errors.ts";

/** Meta limits the rate; the request is sent again. */
export interface Retrying {
  type: "retrying";
  /** Which retry this is, from 1. */
  attempt: number;
  /** The delay before it, in seconds. */
  delay: number;
  /** Why the previous attempt failed. */
  error: string;
}

interface RetryOptions {
  /** 0 for a single attempt. */
  retries: number;
  signal: AbortSignal;
}

/**
 * Calls `request` until it succeeds. Yields before each retry, which starts after the delay that Meta's response names, or after 4^n
 * seconds as Meta recommends. Throws the error of the last attempt, also when the signal aborts a delay.
 */
export async function* withRetry<Result>(
  request: () => Promise<Result>,
  { retries, signal }: RetryOptions,
): AsyncGenerator<Retrying, Result, void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await request();
    } catch (error) {
      const retryable = attempt <= retries && error instanceof RejectedError && isRateLimited(error);
      if (!retryable) throw error;
      const delay = Number(error.facts["retryAfter"] ?? 4 ** (attempt - 1));
      yield { type: "retrying", attempt, delay, error: error.message };
      await sleep(delay * 1000, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) throw error;
    }
  }
}
