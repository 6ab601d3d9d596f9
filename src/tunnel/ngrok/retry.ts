/** When and how the ngrok tunnel tries again to open a session: at the start, and after an outage. */
import { CredentialsError, UsageError, type WaHookError } from "../../errors.ts";
import { findNgrokError } from "./error-codes.ts";
import { ngrokCodeOf } from "./explain.ts";
import type { NgrokTiming } from "./options.ts";
import { SDK_HANGS } from "./sdk.ts";

export interface RetryPolicy {
  /** The domain to request in the next attempt. */
  readonly domain: string | undefined;
  /** Begins an attempt. Returns the time limit for each of its steps. */
  begin(): number;
  /** The delay before the next attempt in milliseconds; undefined when there is no point in another one. */
  delayAfter(error: WaHookError): number | undefined;
}

export interface RetryOptions {
  timing: NgrokTiming;
  timeoutMs: number;
  /** As configured. */
  domain: string | undefined;
}

/** In a dead network a call hangs. A short limit finds out sooner that the network is back. */
const FIRST_LIMIT_MS = 2000;
const GROWTH = 1.25;

function backOff({ retryMs, maxRetryMs }: NgrokTiming, attempt: number): number {
  return Math.min(maxRetryMs, retryMs * GROWTH ** attempt);
}

/** At the start only one error is worth another attempt: an earlier agent has not released the URL yet. */
export class StartRetry implements RetryPolicy {
  readonly domain: string | undefined;
  readonly #options: RetryOptions;
  readonly #started = performance.now();
  #attempt = 0;

  constructor(options: RetryOptions) {
    this.#options = options;
    this.domain = options.domain;
  }

  begin(): number {
    return this.#options.timeoutMs;
  }

  delayAfter(error: WaHookError): number | undefined {
    const { timing } = this.#options;
    const delay = backOff(timing, this.#attempt++);
    const inTime = performance.now() + delay < this.#started + timing.startTakeoverMs;
    return ngrokCodeOf(error) === "ERR_NGROK_334" && inTime ? delay : undefined;
  }
}

/** After an outage the same URL is requested until it is granted or an error is final. */
export class OutageRetry implements RetryPolicy {
  domain: string | undefined;
  readonly #options: RetryOptions;
  readonly #started = performance.now();
  #attempt = -1;
  #attemptStarted = 0;

  constructor(options: RetryOptions, lostUrl: string) {
    this.#options = options;
    this.domain = options.domain ?? domainOf(lostUrl);
  }

  begin(): number {
    this.#attempt++;
    this.#attemptStarted = performance.now();
    return Math.min(this.#options.timeoutMs, FIRST_LIMIT_MS * GROWTH ** this.#attempt);
  }

  delayAfter(error: WaHookError): number | undefined {
    const { domain, timing } = this.#options;
    if (error instanceof UsageError && this.domain !== domain) this.domain = domain;
    else if (this.#isFinal(error)) return undefined;
    const elapsed = performance.now() - this.#attemptStarted;
    return Math.round(Math.max(0, backOff(timing, this.#attempt) - elapsed));
  }

  #isFinal(error: WaHookError): boolean {
    if (error instanceof CredentialsError || error instanceof UsageError) return true;
    const known = findNgrokError(ngrokCodeOf(error) ?? "");
    const waitedEnough = performance.now() - this.#started > this.#options.timing.takeoverMs;
    if (known === undefined) return error.code === SDK_HANGS && waitedEnough;
    return known.transient !== true || waitedEnough;
  }
}

/** The domain that was assigned, to request it again so that the URL stays the same. */
function domainOf(url: string): string | undefined {
  const { protocol, hostname } = new URL(url);
  return protocol === "https:" ? hostname : undefined;
}
