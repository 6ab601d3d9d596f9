/** Hands accepted deliveries on to the developer's app: the bytes and the headers as they came. */

import { openPoster, type Outgoing, type Poster } from "../http/post.ts";
import { adviseOnFailure, LATENCY_ADVICE, adviseOnStatus, SLOW_MS } from "../webhook/advice.ts";

/** What became of one delivery at the app. */
export interface Forwarded {
  /** The app's answer; nothing when it gave none. */
  status?: number;
  /** Until the app had answered, in milliseconds. */
  ms: number;
  /** The first is 1. */
  attempt: number;
  /** What to do, when something is not as Meta wants it. */
  advice?: string;
  /** The beginning of the app's answer, when it failed. */
  answer?: string;
}

export interface Forwarding {
  to: URL;
  /** Added to each request. */
  headers?: Record<string, string>;
}

/** Of one connection only, or for undici to set. */
const NOT_HANDED_ON = new Set(
  "connection keep-alive proxy-connection transfer-encoding content-length host expect upgrade te trailer".split(" "),
);
const CONNECTIONS = 32;
const TIMEOUT_MS = 30_000;

export class Forwarder {
  readonly #poster: Poster;
  readonly #to: URL;
  readonly #headers: [string, string][];

  private constructor(poster: Poster, { to, headers = {} }: Forwarding) {
    this.#poster = poster;
    this.#to = to;
    this.#headers = Object.entries(headers);
  }

  static async open(forwarding: Forwarding): Promise<Forwarder> {
    return new Forwarder(await openPoster(forwarding.to, CONNECTIONS, TIMEOUT_MS), forwarding);
  }

  /** Delivers once. Never rejects: a failure is a result like any other. */
  async forward({ headers, body }: Outgoing): Promise<Forwarded> {
    const started = performance.now();
    const sent = headers.filter(([name]) => !NOT_HANDED_ON.has(name.toLowerCase()));
    try {
      const { status, beginning } = await this.#poster.post({ headers: [...sent, ...this.#headers], body });
      const ms = performance.now() - started;
      if (status === 200) return { status, ms, attempt: 1, ...(ms > SLOW_MS ? { advice: LATENCY_ADVICE } : {}) };
      const answer = beginning === "" ? {} : { answer: beginning };
      return { status, ms, attempt: 1, advice: adviseOnStatus(status), ...answer };
    } catch (error) {
      const advice = adviseOnFailure(error, this.#to.origin, TIMEOUT_MS);
      return { ms: performance.now() - started, attempt: 1, advice };
    }
  }

  async close(): Promise<void> {
    await this.#poster.close();
  }
}
