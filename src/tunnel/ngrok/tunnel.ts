/** The ngrok tunnel: runs the actions of `state-machine.ts` and keeps one session open for the same URL. */
import { UnavailableError, type WaHookError } from "../../errors.ts";
import { originOf } from "../../http/listen.ts";
import { formatSeconds, interrupted } from "../time-limit.ts";
import { TunnelEvents } from "../tunnel-events.ts";
import type { Tunnel, TunnelEvent } from "../tunnel.ts";
import { TIMING, type NgrokOptions, type NgrokTiming } from "./options.ts";
import { OutageRetry, StartRetry, type RetryOptions, type RetryPolicy } from "./retry.ts";
import type { Sdk } from "./sdk.ts";
import { NgrokSession, type SessionEvent, type SessionOptions } from "./session.ts";
import { TIMERS, transition, type Action, type State, type Timer } from "./state-machine.ts";

const TIMEOUT_MS = 15_000;
/** Closed by ngrok twice within this time, the endpoint stays closed. */
const CLOSED_AGAIN_MS = 60_000;
const STOPPED = "stopped from the ngrok dashboard";
const REOPEN_HINT = "start wa-hook again to reopen the tunnel";

/** An event of the state machine, with what its actions need. */
type Event =
  | Exclude<SessionEvent, { type: "failed" | "endpointClosed" }>
  | { type: "failed"; error: WaHookError; retryMs: number }
  | { type: "refused"; error: WaHookError }
  | { type: "endpointClosed" | "endpointClosedAgain"; message: string }
  | { type: "released" | "timeout" | "close" };

export class NgrokTunnel implements Tunnel {
  readonly provider = "ngrok";
  readonly notes: readonly string[] = [];
  readonly #sdk: Sdk;
  readonly #timing: NgrokTiming;
  readonly #retryOptions: RetryOptions;
  readonly #sessionOptions: Omit<SessionOptions, "domain" | "timeoutMs">;
  readonly #events = new TunnelEvents();
  #resolveOpen = () => {};
  #rejectOpen: (error: WaHookError) => void = () => {};
  #state: State = "opening";
  #timer: NodeJS.Timeout | undefined;
  /** Aborts when the tunnel leaves its state. */
  #left = new AbortController();
  #session: NgrokSession | undefined;
  #retry: RetryPolicy | undefined;
  #retryMs = 0;
  #released: Promise<void> | undefined;
  #url = "";
  #endpointClosedAt = -Infinity;
  /** Code of the error in the last `reconnecting` event of this outage. */
  #reported: string | undefined;

  constructor(sdk: Sdk, options: NgrokOptions) {
    const { authtoken, connectUrl, connectCas, clientVersion = "0.0.0", host = "127.0.0.1", port } = options;
    const { domain, timeoutMs = TIMEOUT_MS } = options;
    this.#sdk = sdk;
    this.#timing = { ...TIMING, ...options.timing };
    this.#retryOptions = { timing: this.#timing, timeoutMs, domain };
    const { heartbeatS } = this.#timing;
    const upstream = originOf({ host, port });
    this.#sessionOptions = { authtoken, connectUrl, connectCas, clientVersion, upstream, heartbeatS };
  }

  get url(): string {
    return this.#url;
  }

  events(): AsyncIterableIterator<TunnelEvent> {
    return this.#events.events();
  }

  /** Resolves when the tunnel is online. To be called once. */
  async open(signal?: AbortSignal): Promise<void> {
    if (signal?.aborted === true) throw interrupted();
    const close = () => this.#dispatch({ type: "close" });
    signal?.addEventListener("abort", close, { once: true });
    const opened = new Promise<void>((resolve, reject) => {
      this.#resolveOpen = resolve;
      this.#rejectOpen = reject;
    });
    this.#retry = new StartRetry(this.#retryOptions);
    this.#connect(this.#retry);
    await opened.finally(() => signal?.removeEventListener("abort", close));
  }

  async close(): Promise<void> {
    this.#dispatch({ type: "close" });
    this.#events.end();
    await this.#released;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #dispatch(event: Event): void {
    const found = transition(this.#state, event.type);
    if (found === undefined) return;
    const [next, ...actions] = found;
    this.#enter(next);
    for (const action of actions) this.#actions[action](event);
  }

  #enter(state: State): void {
    clearTimeout(this.#timer);
    this.#left.abort();
    this.#left = new AbortController();
    this.#state = state;
    const timer = TIMERS[state];
    if (timer !== undefined)
      this.#timer = setTimeout(() => this.#dispatch({ type: "timeout" }), this.#durationOf(timer));
  }

  #durationOf(timer: Timer): number {
    const { graceMs = 0 } = this.#session ?? {};
    const durations = {
      silence: this.#timing.silenceMs,
      sdkReconnect: graceMs,
      verification: 2 * graceMs,
      retry: this.#retryMs,
    };
    return durations[timer];
  }

  readonly #actions: Readonly<Record<Action, (event: Event) => void>> = {
    connect: () => this.#connect((this.#retry ??= new OutageRetry(this.#retryOptions, this.#url))),
    verify: () => void this.#session?.verify(this.#left.signal),
    release: () => {
      this.#released = this.#session?.release().then(() => this.#dispatch({ type: "released" }));
    },
    abandon: () => this.#session?.abandon(),
    resolveOpen: () => {
      this.#updateUrl();
      this.#resolveOpen();
    },
    rejectOpen: (event) => this.#rejectOpen(openErrorOf(event)),
    reportConnected: () => {
      const changed = this.#updateUrl();
      this.#events.emit({ type: "connected", url: this.#url, changed });
    },
    reportDisconnected: (event) => {
      this.#reported = undefined;
      this.#events.emit({ type: "disconnected", reason: disconnectReasonOf(event, this.#timing) });
    },
    reportReconnecting: (event) => {
      if (event.type !== "failed" || event.error.code === this.#reported) return;
      this.#reported = event.error.code;
      this.#events.emit({ type: "reconnecting", reason: event.error.message, retryMs: event.retryMs });
    },
    reportClosed: (event) => this.#events.emit({ type: "closed", ...closeReasonOf(event) }),
  };

  #connect(retry: RetryPolicy): void {
    const options = { ...this.#sessionOptions, domain: retry.domain, timeoutMs: retry.begin() };
    this.#session = new NgrokSession(options, (event) => this.#dispatch(this.#resolve(event, retry)));
    void this.#session.open(this.#sdk);
  }

  /** Adds what the transition depends on besides the state: whether another attempt makes sense, and how often the endpoint was closed. */
  #resolve(event: SessionEvent, retry: RetryPolicy): Event {
    if (event.type === "connected") this.#retry = undefined;
    if (event.type === "failed") {
      const retryMs = retry.delayAfter(event.error);
      if (retryMs === undefined) return { type: "refused", error: event.error };
      this.#retryMs = retryMs;
      return { ...event, retryMs };
    }
    if (event.type === "endpointClosed") {
      const previous = this.#endpointClosedAt;
      this.#endpointClosedAt = performance.now();
      if (this.#endpointClosedAt - previous < CLOSED_AGAIN_MS) return { ...event, type: "endpointClosedAgain" };
    }
    return event;
  }

  /** Whether the URL is a different one now. */
  #updateUrl(): boolean {
    const previous = this.#url;
    this.#url = this.#session?.url ?? previous;
    return this.#url !== previous;
  }
}

function openErrorOf(event: Event): WaHookError {
  if (event.type === "refused") return event.error;
  if (event.type === "stopCommand") {
    return new UnavailableError(`tunnel ${STOPPED}`, { code: "tunnel.stopped", hint: REOPEN_HINT });
  }
  return interrupted();
}

function disconnectReasonOf(event: Event, { silenceMs }: NgrokTiming): string {
  if (event.type === "timeout") return `no heartbeat from ngrok for ${formatSeconds(silenceMs)}`;
  if (event.type === "endpointClosed") return `endpoint closed by ngrok${messageOf(event)}`;
  if (event.type === "released") return "restart requested from the ngrok dashboard";
  return "connection to ngrok lost";
}

function closeReasonOf(event: Event): { reason: string; hint?: string } {
  if (event.type === "refused") {
    const { message: reason, hint } = event.error;
    return { reason, ...(hint === undefined ? {} : { hint }) };
  }
  if (event.type === "endpointClosedAgain") {
    const reason = `endpoint closed by ngrok twice within a minute${messageOf(event)}`;
    return { reason, hint: "check the endpoint at dashboard.ngrok.com" };
  }
  return { reason: STOPPED, hint: REOPEN_HINT };
}

function messageOf({ message }: { message: string }): string {
  return message === "" ? "" : `: ${message}`;
}
