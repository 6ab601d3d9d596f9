/** The endpoint under check: sends requests as Meta does, counts them, and knows what the probes need. */
import { setMaxListeners } from "node:events";

import { InterruptedError, systemCode, UnavailableError } from "../errors.ts";
import { openPoster, type Poster, type Responded } from "../http/post.ts";
import type { Answers } from "../messages/answer.ts";
import { adviseOnFailure, isUnreachable } from "../webhook/advice.ts";
import { META_HEADERS, signatures, type Header } from "../webhook/headers.ts";
import { encodeWire, type Escape } from "../webhook/wire.ts";
import type { CheckOptions } from "./options.ts";
import { TestData } from "./test-data.ts";

/** A response, or why there was none. */
export interface Reply {
  /** Missing when there was no response. */
  status?: number;
  headers: Responded["headers"];
  /** The first characters of the body. */
  text: string;
  ms: number;
  /** Why there was no response, in one sentence. */
  failure?: string;
  /** The system's code of a failed request: `ECONNRESET`. */
  errorCode?: string;
}

export interface Sending {
  escape?: Escape;
  /** Headers of the body's signature; default: both of Meta's. */
  sign?: (body: Buffer) => readonly Header[];
}

const TIMEOUT_MS = 10_000;
const ANSWER_MS = 10_000;
const CONNECTIONS = 8;
/** Requests to an endpoint that takes longer than this per response are fewer, and more of them are sent at once. */
const SLOW_MS = 500;
const SLOW_CONNECTIONS = 50;
const MAX_MESSAGE = 300;
const LOST = new Set(["ECONNRESET", "EPIPE", "UND_ERR_SOCKET"]);

/** Thrown by a request when the app has stopped responding during the check. */
export class AppEnded extends Error {}

/** Sends the requests of the probes. */
export class Endpoint {
  readonly url: URL;
  readonly appSecret: string;
  readonly verifyToken: string | undefined;
  readonly answers: Answers | undefined;
  readonly answerMs: number;
  readonly timeout: number;
  readonly data: TestData;
  readonly signal: AbortSignal;
  readonly ca: readonly string[] | undefined;
  /** The requests sent so far. */
  requests = 0;
  readonly #onDelivery: ((payload: object) => void) | undefined;
  #poster: Promise<Poster> | undefined;
  #responded = false;
  #first: Promise<Reply> | undefined;

  constructor(options: CheckOptions, ca: readonly string[] | undefined) {
    this.url = new URL(options.url);
    this.appSecret = options.appSecret;
    this.verifyToken = options.verifyToken;
    this.answers = options.answers;
    this.answerMs = options.answerMs ?? ANSWER_MS;
    this.timeout = options.timeout ?? TIMEOUT_MS;
    this.data = new TestData(options, options.now ?? Date.now);
    this.signal = AbortSignal.any(options.signal === undefined ? [] : [options.signal]);
    // Each request that waits listens.
    setMaxListeners(0, this.signal);
    this.ca = ca;
    this.#onDelivery = options.onDelivery;
  }

  /** The reply to the first signed delivery: a text of ASCII letters. It is sent once. */
  first(): Promise<Reply> {
    this.#first ??= this.deliver(this.data.delivery([this.data.text("wa-hook check")]));
    return this.#first;
  }

  /** A GET with parameters such as `hub.mode`. */
  handshake(parameters: Readonly<Record<string, string>>, headers: readonly Header[] = []): Promise<Reply> {
    return this.#request((poster) => poster.get(new URLSearchParams(parameters), [...GET_HEADERS, ...headers]));
  }

  /** Meta's bytes of a payload, signed with the app secret or as `sign` says. */
  deliver(payload: object, sending: Sending = {}): Promise<Reply> {
    this.#onDelivery?.(payload);
    return this.send(encodeWire(payload, sending.escape), sending);
  }

  send(body: Buffer, { sign = (bytes) => signatures(bytes, this.appSecret) }: Sending = {}): Promise<Reply> {
    return this.#request((poster) => poster.post({ headers: [...META_HEADERS, ...sign(body)], body }));
  }

  /** Delivers many payloads, several at a time; the replies have the order of the payloads. */
  async deliverAll(payloads: readonly object[], slow = false): Promise<Reply[]> {
    const replies: Reply[] = [];
    let next = 0;
    const work = async (): Promise<void> => {
      for (let at = next++; at < payloads.length; at = next++) {
        replies[at] = await this.deliver(payloads[at] ?? {});
      }
    };
    await Promise.all(Array.from({ length: slow ? SLOW_CONNECTIONS : CONNECTIONS - 2 }, work));
    return replies;
  }

  /** Delivers all payloads concurrently, each on its own connection. */
  async burst(payloads: readonly object[]): Promise<Reply[]> {
    const poster = await this.#open(payloads.length);
    const stop = () => void poster.close();
    this.signal.addEventListener("abort", stop, { once: true });
    try {
      const bodies = payloads.map((payload) => encodeWire(payload));
      return await Promise.all(bodies.map((body) => this.#requestOn(poster, this.#signed(body))));
    } finally {
      this.signal.removeEventListener("abort", stop);
      await poster.close();
    }
  }

  /** Whether responses take so long that fewer requests are sent. */
  async isSlow(): Promise<boolean> {
    return (await this.first()).ms > SLOW_MS;
  }

  async close(): Promise<void> {
    await (await this.#poster?.catch(() => undefined))?.close();
  }

  #signed(body: Buffer): (poster: Poster) => Promise<Responded> {
    return (poster) => poster.post({ headers: [...META_HEADERS, ...signatures(body, this.appSecret)], body });
  }

  #open(connections: number): Promise<Poster> {
    return openPoster(this.url, connections, this.timeout, { ca: this.ca });
  }

  async #request(send: (poster: Poster) => Promise<Responded>): Promise<Reply> {
    this.#poster ??= this.#open(SLOW_CONNECTIONS);
    return this.#requestOn(await this.#poster, send);
  }

  /** Once more after a lost connection: an app may close one that is idle at the moment in which it is used again. */
  async #requestOn(poster: Poster, send: (poster: Poster) => Promise<Responded>): Promise<Reply> {
    const reply = await this.#requestOnce(poster, send);
    return LOST.has(reply.errorCode ?? "") ? this.#requestOnce(poster, send) : reply;
  }

  async #requestOnce(poster: Poster, send: (poster: Poster) => Promise<Responded>): Promise<Reply> {
    this.requests++;
    const started = performance.now();
    try {
      const { status, headers, beginning } = await send(poster);
      this.#responded = true;
      return { status, headers, text: beginning, ms: performance.now() - started };
    } catch (error) {
      if (this.signal.aborted) throw interrupted();
      const failure = adviseOnFailure(error, this.url.origin, this.timeout).slice(0, MAX_MESSAGE);
      if (isUnreachable(error)) throw this.#responded ? new AppEnded(failure) : unreachable(failure);
      const errorCode = systemCode(error);
      const code = errorCode === undefined ? {} : { errorCode };
      return { headers: {}, text: "", ms: performance.now() - started, failure, ...code };
    }
  }
}

/** A GET has no body. */
const GET_HEADERS = META_HEADERS.filter(([name]) => name !== "Content-Type");

export function interrupted(): InterruptedError {
  return new InterruptedError("interrupted before all checks had finished", { code: "check.interrupted" });
}

function unreachable(reason: string): UnavailableError {
  return new UnavailableError(reason, {
    code: "app.unreachable",
    hint: 'let wa-hook start it: wa-hook check --start "npm start"; or wait for it: --wait 30s',
    facts: { mistake: "not-listening" },
  });
}

/** Whether the status acknowledges a delivery in the eyes of the app: 2xx. Meta wants 200; one probe checks that. */
export function isAccepted({ status = 0 }: Reply): boolean {
  return status >= 200 && status < 300;
}

/** Whether the app failed: 5xx, or no response. */
export function isCrash({ status = 500 }: Reply): boolean {
  return status >= 500;
}

/** `401`, or why there was no response. */
export function describe({ status, failure }: Reply): string {
  return status === undefined ? `no response (${failure})` : String(status);
}
