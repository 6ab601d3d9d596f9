/** Forwards accepted deliveries to the app, with the bytes and headers as received. */

import { openPoster, type Outgoing, type Poster } from "../http/post.ts";
import { adviseOnFailure, LATENCY_ADVICE, adviseOnStatus, SLOW_MS } from "../webhook/advice.ts";

/** The result of forwarding one delivery. */
export interface Forwarded {
  /** The HTTP status of the response; missing when there was none. */
  status?: number;
  /** Time until the response or the failure, in milliseconds. */
  ms: number;
  /** What to do when the response is not what Meta expects. */
  advice?: string;
  /** The beginning of the response body, if the status is not 200. */
  response?: string;
}

export interface Forwarding {
  to: URL;
  /** Added to every request. */
  headers?: Record<string, string>;
}

/** Headers of a single connection, and those that undici sets. */
const NOT_FORWARDED = new Set(
  "connection keep-alive proxy-connection transfer-encoding content-length host expect upgrade te trailer".split(" "),
);
const CONNECTIONS = 32;
const TIMEOUT_MS = 30_000;
const CANCELED = "canceled on exit before the app responded; run wa-hook replay to send it again";

export class Forwarder {
  readonly #poster: Poster;
  readonly #to: URL;
  readonly #headers: [string, string][];
  #closed = false;

  private constructor(poster: Poster, { to, headers = {} }: Forwarding) {
    this.#poster = poster;
    this.#to = to;
    this.#headers = Object.entries(headers);
  }

  static async open(forwarding: Forwarding): Promise<Forwarder> {
    return new Forwarder(await openPoster(forwarding.to, CONNECTIONS, TIMEOUT_MS), forwarding);
  }

  /** Sends one request. Never rejects: a failure is a result. */
  async forward({ headers, body }: Outgoing): Promise<Forwarded> {
    const started = performance.now();
    const sent = headers.filter(([name]) => !NOT_FORWARDED.has(name.toLowerCase()));
    try {
      const { status, beginning } = await this.#poster.post({ headers: [...sent, ...this.#headers], body });
      const ms = performance.now() - started;
      if (status === 200) return { status, ms, ...(ms > SLOW_MS ? { advice: LATENCY_ADVICE } : {}) };
      const response = beginning === "" ? {} : { response: beginning };
      return { status, ms, advice: adviseOnStatus(status), ...response };
    } catch (error) {
      const advice = this.#closed ? CANCELED : adviseOnFailure(error, this.#to.origin, TIMEOUT_MS);
      return { ms: performance.now() - started, advice };
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#poster.close();
  }
}
