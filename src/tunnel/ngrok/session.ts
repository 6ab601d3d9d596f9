/** One session with the ngrok service, from opening to closing. It emits what the SDK reports; `state-machine.ts` decides. */
import { setTimeout as sleep } from "node:timers/promises";

import { reasonOf, type WaHookError } from "../../errors.ts";
import { withTimeLimit } from "../time-limit.ts";
import { OTHER_TUNNELS } from "./error-codes.ts";
import { explainNgrok, NGROK_SERVICE } from "./explain.ts";
import { preflight } from "./preflight.ts";
import {
  connectSdk,
  deferErrors,
  ignoreErrors,
  type Builder,
  type Sdk,
  type SdkListener,
  type SdkSession,
} from "./sdk.ts";

export interface SessionOptions {
  authtoken: string;
  /** The local listener: `http://127.0.0.1:8000`. */
  upstream: string;
  domain?: string | undefined;
  connectUrl?: string | undefined;
  connectCas?: string | undefined;
  clientVersion: string;
  heartbeatS: number;
  /** Time limit for each step of the opening. */
  timeoutMs: number;
}

export type SessionEvent =
  | { type: "connected" | "heartbeat" | "disconnected" | "verified" | "restartCommand" | "stopCommand" }
  | { type: "failed"; error: WaHookError }
  /** `message` as ngrok gave it; may be empty. */
  | { type: "endpointClosed"; message: string };

const MIN_GRACE_MS = 500;
const MAX_GRACE_MS = 3000;
const POLL_MS = 100;
const MAX_POLLS = 50;
/** An id that no listener has. Closing it has no effect, but the call shows whether the service responds. */
const UNKNOWN_LISTENER = "wa-hook-connection-check";
/** Matches the SDK's error for a call that did not reach the service, but not for one that the service refused. */
const NOT_DELIVERED = /muxado stream|rpc request|rpc response/;
const CLOSE_ENDPOINT_MS = 1200;
const CLOSE_SESSION_MS = 500;

export class NgrokSession {
  readonly #options: SessionOptions;
  readonly #emit: (event: SessionEvent) => void;
  readonly #abandoned = new AbortController();
  #session: SdkSession | undefined;
  #listener: SdkListener | undefined;
  #closingComeback = false;
  /** How long the SDK may take to reconnect, by how long the first connection took. */
  graceMs = MIN_GRACE_MS;

  constructor(options: SessionOptions, emit: (event: SessionEvent) => void) {
    this.#options = options;
    this.#emit = (event) => {
      if (!this.#abandoned.signal.aborted) emit(event);
    };
  }

  get url(): string {
    return new URL(this.#listener?.url() ?? "").origin;
  }

  /** Emits `connected`, or `failed` with one of wa-hook's own errors. */
  async open(sdk: Sdk): Promise<void> {
    try {
      this.#listener = await this.#open(sdk);
    } catch (error) {
      this.#emit({ type: "failed", error: explainNgrok(error, this.#options) });
      return this.abandon();
    }
    if (this.#abandoned.signal.aborted) return ignoreErrors(this.#listener.close());
    this.#emit({ type: "connected" });
    await this.#watch(this.#listener);
  }

  async #open(sdk: Sdk): Promise<SdkListener> {
    const { domain, upstream, connectUrl = NGROK_SERVICE, timeoutMs: ms } = this.#options;
    const limit = {
      ms,
      signal: this.#abandoned.signal,
      subject: `the ngrok service at ${connectUrl}`,
      hint: `check the network, or ${OTHER_TUNNELS}`,
    };
    const started = performance.now();
    const issuer = await preflight(connectUrl, limit);
    this.#session = await connectSdk(this.#builder(sdk), limit).catch((error: unknown) => {
      throw explainNgrok(error, { ...this.#options, issuer });
    });
    this.graceMs = Math.min(Math.max(performance.now() - started, MIN_GRACE_MS), MAX_GRACE_MS);
    const endpoint = this.#session.httpEndpoint();
    if (domain !== undefined) endpoint.domain(domain);
    return withTimeLimit(endpoint.listenAndForward(upstream), limit, (late) => void ignoreErrors(late.close()));
  }

  #builder(sdk: Sdk): Builder {
    const { authtoken, clientVersion, connectUrl, connectCas, heartbeatS } = this.#options;
    const emitDisconnected = deferErrors(() => this.#emit({ type: "disconnected" }));
    const builder = new sdk.SessionBuilder()
      .authtoken(authtoken)
      .clientInfo("wa-hook", clientVersion)
      .heartbeatInterval(heartbeatS)
      .heartbeatTolerance(heartbeatS)
      .handleHeartbeat(deferErrors((latencyMs) => this.#onHeartbeat(latencyMs)))
      .handleDisconnection(() => {
        emitDisconnected();
        // With false the SDK would stop reconnecting and print a line on stdout.
        return true;
      })
      .handleStopCommand(deferErrors(() => this.#emit({ type: "stopCommand" })))
      .handleRestartCommand(deferErrors(() => this.#emit({ type: "restartCommand" })));
    if (connectUrl !== undefined) builder.serverAddr(connectUrl);
    if (connectCas === "host" || connectCas === "trusted") builder.rootCas(connectCas);
    else if (connectCas !== undefined) builder.caCert(Buffer.from(connectCas));
    return builder;
  }

  #onHeartbeat(latencyMs: number | null): void {
    if (latencyMs === null) return;
    if (this.#abandoned.signal.aborted) void this.#closeComeback();
    else this.#emit({ type: "heartbeat" });
  }

  async #watch(listener: SdkListener): Promise<void> {
    const error = await listener.join().then(() => "", reasonOf);
    const message = /ListenerClosed \{ message: "(.*?)", error_code/.exec(error)?.[1] ?? "";
    this.#emit({ type: "endpointClosed", message });
  }

  /** Emits `verified` once the service responds to a call. A heartbeat alone does not show that the endpoint is bound again. */
  async verify(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && !(await wasDelivered(this.#session?.closeListener(UNKNOWN_LISTENER)))) {
      await sleep(POLL_MS);
    }
    if (!signal.aborted) this.#emit({ type: "verified" });
  }

  /** Closes the endpoint first, so that its URL is free at once. Never throws, and finishes within the two limits. */
  async release(): Promise<void> {
    this.#abandoned.abort();
    await ignoreErrors(this.#listener?.close(), CLOSE_ENDPOINT_MS);
    await ignoreErrors(this.#session?.close(), CLOSE_SESSION_MS);
  }

  /** Closes without waiting. The session is first because its close needs no response; the close of the endpoint may never settle. */
  abandon(): void {
    if (this.#abandoned.signal.aborted) return;
    this.#abandoned.abort();
    void ignoreErrors(this.#session?.close()).then(() => ignoreErrors(this.#listener?.close()));
  }

  /** The SDK continues to reconnect after `close()`. Once it succeeds it holds the URL again, until its endpoint is closed. */
  async #closeComeback(): Promise<void> {
    if (this.#closingComeback) return;
    this.#closingComeback = true;
    for (let polls = 0; polls < MAX_POLLS && !(await wasDelivered(this.#listener?.close())); polls++) {
      await sleep(POLL_MS, undefined, { ref: false });
    }
    await ignoreErrors(this.#session?.close());
    this.#closingComeback = false;
  }
}

/** Whether a call reached the service, whatever the response was. */
async function wasDelivered(call: Promise<unknown> | undefined): Promise<boolean> {
  const error = await call?.then(() => "", reasonOf);
  return error === undefined || !NOT_DELIVERED.test(error);
}
