/** ngrok's tunnel over the sessions it takes: another session whenever one is lost, for the same URL. */
import { setTimeout as sleep } from "node:timers/promises";

import { CredentialsError, UsageError, type WaHookError } from "../../errors.ts";
import { originOf } from "../../http/listen.ts";
import { interrupted } from "../time-limit.ts";
import { TunnelTelling } from "../tunnel-events.ts";
import type { Tunnel, TunnelEvent } from "../tunnel.ts";
import { findNgrokError } from "./errors.ts";
import { ngrokCodeOf } from "./failure.ts";
import type { NgrokOptions, NgrokTiming } from "./options.ts";
import type { Sdk } from "./sdk.ts";
import { NgrokSession, SDK_HANGS, type Asked, type Change } from "./session.ts";

const TIMING: NgrokTiming = {
  heartbeatS: 5,
  silenceMs: 12_000,
  retryMs: 500,
  maxRetryMs: 30_000,
  startTakeoverMs: 5000,
  takeoverMs: 120_000,
};
const TIMEOUT_MS = 15_000;
/** Of the first attempt to come back: what hangs in a dead network is not worth waiting for while the network may be there again. */
const FIRST_LIMIT_MS = 2000;
const GROWTH = 1.25;
/** Closed by ngrok twice within this time, it stays closed. */
const CLOSED_AGAIN_MS = 60_000;

type Outcome = NgrokSession | WaHookError;

export class NgrokTunnel implements Tunnel {
  readonly provider = "ngrok";
  readonly notes: readonly string[] = [];
  readonly #sdk: Sdk;
  readonly #asked: Omit<Asked, "domain" | "signal">;
  readonly #domain: string | undefined;
  readonly #telling = new TunnelTelling();
  readonly #closing = new AbortController();
  #session: NgrokSession | undefined;
  #url = "";
  /** Why it is away, as it was told last: words at first, then the code of what the attempts end with. */
  #reason: string | undefined;
  #closed: Promise<void> | undefined;
  #closedByNgrokAt = -Infinity;

  constructor(sdk: Sdk, options: NgrokOptions) {
    const { authtoken, connectUrl, connectCas, clientVersion = "0.0.0", host = "127.0.0.1", port } = options;
    this.#sdk = sdk;
    this.#domain = options.domain;
    this.#asked = {
      authtoken,
      connectUrl,
      connectCas,
      clientVersion,
      upstream: originOf({ host, port }),
      timeoutMs: options.timeoutMs ?? TIMEOUT_MS,
      timing: { ...TIMING, ...options.timing },
    };
  }

  get url(): string {
    return this.#url;
  }

  async open(signal?: AbortSignal): Promise<void> {
    const until = performance.now() + this.#asked.timing.startTakeoverMs;
    const either = signal === undefined ? this.#closing.signal : AbortSignal.any([signal, this.#closing.signal]);
    for (let attempt = 0; ; attempt++) {
      if (either.aborted) throw interrupted();
      const outcome = await this.#connect(this.#domain, either);
      if (outcome instanceof NgrokSession) return this.#take(outcome);
      const mayPass = ngrokCodeOf(outcome) === "ERR_NGROK_334" && performance.now() + this.#pause(attempt) < until;
      if (!mayPass) throw outcome;
      await sleep(this.#pause(attempt), undefined, { signal: either }).catch(() => {});
    }
  }

  async #connect(domain: string | undefined, signal: AbortSignal, ms = this.#asked.timeoutMs): Promise<Outcome> {
    const asked = { ...this.#asked, domain, signal, timeoutMs: ms };
    try {
      return await NgrokSession.open(this.#sdk, asked, (change) => this.#changed(change));
    } catch (error) {
      return error as WaHookError;
    }
  }

  #take(session: NgrokSession): void {
    this.#session = session;
    this.#url = session.url;
  }

  #pause(attempt: number): number {
    const { retryMs, maxRetryMs } = this.#asked.timing;
    return Math.min(maxRetryMs, retryMs * GROWTH ** attempt);
  }

  #changed(change: Change): void {
    if (this.#closing.signal.aborted) return;
    if (change.type === "away") this.#tellDown(change.reason);
    else if (change.type === "back") this.#tellUp(this.#url);
    else if (change.type === "stopped") {
      this.#end("ngrok's dashboard asked for the end", "start wa-hook again to open it again");
    } else if (change.closedByNgrok === true && this.#closedAgain()) {
      this.#end(`${change.reason}, for the second time within a minute`, "look at the endpoint at dashboard.ngrok.com");
    } else {
      this.#tellDown(change.reason);
      void this.#rebuild();
    }
  }

  #closedAgain(): boolean {
    const before = this.#closedByNgrokAt;
    this.#closedByNgrokAt = performance.now();
    return this.#closedByNgrokAt - before < CLOSED_AGAIN_MS;
  }

  /** Another session for the same URL, as often as it takes. */
  async #rebuild(): Promise<void> {
    const { signal } = this.#closing;
    const since = performance.now();
    let domain = this.#domain ?? domainOf(this.#url);
    for (let attempt = 0; ; attempt++) {
      const started = performance.now();
      const limit = Math.min(this.#asked.timeoutMs, FIRST_LIMIT_MS * GROWTH ** attempt);
      const outcome = await this.#connect(domain, signal, limit);
      if (signal.aborted) {
        if (outcome instanceof NgrokSession) void outcome.close();
        return;
      }
      if (outcome instanceof NgrokSession) {
        const before = this.#url;
        this.#take(outcome);
        return this.#tellUp(before);
      }
      if (outcome instanceof UsageError && domain !== this.#domain) domain = this.#domain;
      else if (this.#isFinal(outcome, since)) return this.#end(outcome.message, outcome.hint);
      const pause = Math.max(0, this.#pause(attempt) - (performance.now() - started));
      this.#tellRetry(outcome, Math.round(pause));
      await sleep(pause, undefined, { signal }).catch(() => {});
    }
  }

  #isFinal(error: WaHookError, since: number): boolean {
    if (error instanceof CredentialsError || error instanceof UsageError) return true;
    const known = findNgrokError(ngrokCodeOf(error) ?? "");
    const waited = performance.now() - since > this.#asked.timing.takeoverMs;
    if (known === undefined) return error.code === SDK_HANGS && waited;
    return known.passes !== true || waited;
  }

  #tellDown(reason: string): void {
    if (this.#reason !== undefined) return;
    this.#reason = reason;
    this.#telling.tell({ type: "down", reason });
  }

  #tellRetry({ message: reason, code }: WaHookError, retryMs: number): void {
    if (code === this.#reason) return;
    this.#reason = code;
    this.#telling.tell({ type: "down", reason, retryMs });
  }

  #tellUp(before: string): void {
    this.#reason = undefined;
    this.#telling.tell({ type: "up", url: this.#url, changed: this.#url !== before });
  }

  #end(reason: string, hint?: string): void {
    this.#telling.tell({ type: "ended", reason, ...(hint === undefined ? {} : { hint }) });
  }

  events(): AsyncIterableIterator<TunnelEvent> {
    return this.#telling.events();
  }

  close(): Promise<void> {
    this.#closed ??= this.#finish();
    return this.#closed;
  }

  async #finish(): Promise<void> {
    this.#closing.abort();
    this.#telling.end();
    await this.#session?.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** The name to ask for again, so that the URL stays. */
function domainOf(url: string): string | undefined {
  const { protocol, hostname } = new URL(url);
  return protocol === "https:" ? hostname : undefined;
}
