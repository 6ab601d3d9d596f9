/** One session with ngrok's service, from connecting to its loss. It notices the loss by itself, which the SDK does late or never. */
import { setTimeout as sleep } from "node:timers/promises";

import { reasonOf } from "../../errors.ts";
import { seconds, within, type TimeLimit } from "../time-limit.ts";
import { explainNgrok, NGROK_SERVICE, OTHER_TUNNELS } from "./failure.ts";
import type { NgrokTiming } from "./options.ts";
import { reachService } from "./reach.ts";
import type { Builder, Sdk, SdkListener, SdkSession } from "./sdk.ts";

export interface Asked {
  authtoken: string;
  /** The local listener: `http://127.0.0.1:8000`. */
  upstream: string;
  domain?: string | undefined;
  connectUrl?: string | undefined;
  connectCas?: string | undefined;
  clientVersion: string;
  timeoutMs: number;
  signal: AbortSignal;
  timing: NgrokTiming;
}

export type Change =
  /** The SDK tries to come back. */
  | { type: "away"; reason: string }
  | { type: "back" }
  /** It will not come back, another session must. */
  | { type: "lost"; reason: string; closedByNgrok?: true }
  | { type: "stopped" };

const MIN_GRACE_MS = 500;
const MAX_GRACE_MS = 3000;
const ASKING_MS = 100;
const CHASING = 50;
/** No listener's. */
const NOBODY = "wa-hook-asks-whether-you-are-there";
/** What the SDK says of a call that did not come through. */
const UNHEARD = /muxado stream|rpc request|rpc response/;
const RESTART: Change = { type: "lost", reason: "ngrok's dashboard asked for a restart" };
const CUT = "the connection to ngrok's service was cut";
/** The code of the error for what only another process can mend. */
export const SDK_HANGS = "tunnel.sdk-hangs";
const CLOSING_MS = 1200;
const LEAVING_MS = 500;

export class NgrokSession {
  readonly #asked: Asked;
  readonly #tell: (change: Change) => void;
  #session: SdkSession | undefined;
  #listener: SdkListener | undefined;
  #state: "opening" | "here" | "away" | "over" = "opening";
  #graceMs = MIN_GRACE_MS;
  /** Until the session is given up, for its silence or because it stays away. */
  #patience: NodeJS.Timeout | undefined;
  #asking = false;

  private constructor(asked: Asked, tell: (change: Change) => void) {
    this.#asked = asked;
    this.#tell = tell;
  }

  /** Throws one of our own errors, whatever the SDK does. */
  static async open(sdk: Sdk, asked: Asked, tell: (change: Change) => void): Promise<NgrokSession> {
    const session = new NgrokSession(asked, tell);
    try {
      await session.#open(sdk);
    } catch (error) {
      session.drop();
      throw explainNgrok(error, asked);
    }
    return session;
  }

  async #open(sdk: Sdk): Promise<void> {
    const { domain, upstream, connectUrl = NGROK_SERVICE, timeoutMs: ms, signal } = this.#asked;
    const limit = {
      ms,
      signal,
      whom: `ngrok's service at ${connectUrl}`,
      hint: `look at the network, or ${OTHER_TUNNELS}`,
    };
    const started = performance.now();
    const issuer = await reachService(connectUrl, limit);
    this.#session = await connectInTurn(() => this.#builder(sdk).connect(), limit).catch((error: unknown) => {
      throw explainNgrok(error, { ...this.#asked, issuer });
    });
    this.#graceMs = Math.min(Math.max(performance.now() - started, MIN_GRACE_MS), MAX_GRACE_MS);
    const endpoint = this.#session.httpEndpoint();
    if (domain !== undefined) endpoint.domain(domain);
    this.#listener = await within(endpoint.listenAndForward(upstream), limit, (late) => void quietly(late.close()));
    this.#state = "here";
    this.#beat(0);
    void this.#watch(this.#listener);
  }

  #builder(sdk: Sdk): Builder {
    const { authtoken, clientVersion, connectUrl, connectCas, timing } = this.#asked;
    const builder = new sdk.SessionBuilder()
      .authtoken(authtoken)
      .clientInfo("wa-hook", clientVersion)
      .heartbeatInterval(timing.heartbeatS)
      .heartbeatTolerance(timing.heartbeatS)
      .handleHeartbeat((ms) => safely(() => this.#beat(ms)))
      .handleDisconnection(() => {
        safely(() => this.#disconnected());
        // The SDK would announce a no on stdout.
        return true;
      })
      .handleStopCommand(() => safely(() => void this.#leave({ type: "stopped" })))
      .handleRestartCommand(() => safely(() => void this.#leave(RESTART)));
    if (connectUrl !== undefined) builder.serverAddr(connectUrl);
    if (connectCas === "host" || connectCas === "trusted") builder.rootCas(connectCas);
    else if (connectCas !== undefined) builder.caCert(Buffer.from(connectCas));
    return builder;
  }

  get url(): string {
    return new URL(this.#listener?.url() ?? "").origin;
  }

  #beat(ms: number | null): void {
    if (ms === null || this.#state === "opening") return;
    if (this.#state === "over") void this.#chase();
    else if (this.#state === "here") {
      const { silenceMs } = this.#asked.timing;
      this.#wait(silenceMs, `ngrok's service gave no sign of life for ${seconds(silenceMs)}`);
    } else if (!this.#asking) {
      this.#wait(2 * this.#graceMs, CUT);
      void this.#askUntilBack();
    }
  }

  /** A heartbeat only shows a connection: whether the endpoint is open in it again, a call shows that goes through. */
  async #askUntilBack(): Promise<void> {
    this.#asking = true;
    while (this.#state === "away" && !(await heard(this.#session?.closeListener(NOBODY)))) await sleep(ASKING_MS);
    this.#asking = false;
    if (this.#state !== "away") return;
    this.#state = "here";
    this.#beat(0);
    this.#tell({ type: "back" });
  }

  /** What was dropped while it tried to come back has come back after all. */
  async #chase(): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    for (let times = 0; times < CHASING && !(await heard(this.#listener?.close())); times++) {
      await sleep(ASKING_MS, undefined, { ref: false });
    }
    await quietly(this.#session?.close());
    this.#asking = false;
  }

  #wait(ms: number, reason: string): void {
    clearTimeout(this.#patience);
    this.#patience = setTimeout(() => this.#end({ type: "lost", reason }), ms);
  }

  /** Called before each of the SDK's own attempts. The first two follow at once; what comes after them comes too late. */
  #disconnected(): void {
    if (this.#state === "opening" || this.#state === "over") return;
    this.#wait(this.#graceMs, CUT);
    if (this.#state === "away") return;
    this.#state = "away";
    this.#tell({ type: "away", reason: CUT });
  }

  async #watch(listener: SdkListener): Promise<void> {
    const words = await listener.join().then(() => "", reasonOf);
    const message = /ListenerClosed \{ message: "(.*?)", error_code/.exec(words)?.[1] ?? "";
    const reason = `ngrok closed the endpoint${message === "" ? "" : `: ${message}`}`;
    this.#end({ type: "lost", reason, closedByNgrok: true });
  }

  #end(change: Change): void {
    if (this.#state === "over") return;
    this.drop();
    this.#tell(change);
  }

  async #leave(change: Change): Promise<void> {
    if (this.#state === "over") return;
    await this.close();
    this.#tell(change);
  }

  /** Without waiting for an answer: first what needs none, as the SDK would wait for ever in a connection that is dead. */
  drop(): void {
    this.#over();
    void quietly(this.#session?.close()).then(() => quietly(this.#listener?.close()));
  }

  /** Never throws, and takes no longer than the two limits. */
  async close(): Promise<void> {
    if (this.#state === "here") await this.#letGo();
    else this.drop();
  }

  /** The URL first, so that it is free at once. */
  async #letGo(): Promise<void> {
    this.#over();
    await quietly(this.#listener?.close(), CLOSING_MS);
    await quietly(this.#session?.close(), LEAVING_MS);
  }

  #over(): void {
    this.#state = "over";
    clearTimeout(this.#patience);
  }
}

/** The SDK lets one call connect at a time, in the whole process: one that hangs holds up all that follow. */
let connecting: Promise<unknown> = Promise.resolve();

async function connectInTurn(connect: () => Promise<SdkSession>, limit: TimeLimit): Promise<SdkSession> {
  const hint = "start wa-hook again, if it does not come back by itself";
  await within(connecting, { ...limit, code: SDK_HANGS, whom: "an earlier call of ngrok's SDK", hint }, () => {});
  const session = connect();
  connecting = quietly(session);
  return within(session, limit, (late) => void quietly(late.close()));
}

/** For callbacks of the SDK: an exception in one would end the process. */
function safely(act: () => void): void {
  try {
    act();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}

/** Whether a call came through to the service, whatever the answer was. */
async function heard(call: Promise<unknown> | undefined): Promise<boolean> {
  const words = await call?.then(() => "", reasonOf);
  return words === undefined || !UNHEARD.test(words);
}

async function quietly(work: Promise<unknown> | undefined, ms?: number): Promise<void> {
  const done = (work ?? Promise.resolve()).then(
    () => {},
    () => {},
  );
  if (ms === undefined) return done;
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)));
  await Promise.race([done, tooLong]);
  clearTimeout(timer);
}
