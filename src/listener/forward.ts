/** Sends one delivery to the app, with the bytes and headers as received. */
import { systemCode, UsageError } from "../errors.ts";
import { leadsTo } from "../http/listen.ts";
import { openPoster, type Outgoing, type Poster, type Responded } from "../http/post.ts";
import { adviseOnFailure, LATENCY_ADVICE, adviseOnStatus, SLOW_MS } from "../webhook/advice.ts";

/** The result of one attempt. */
export interface Forwarded {
  /** `unreachable` when there was no connection, so that the app got nothing; `interrupted` when it got the request, or part of it. */
  outcome: "responded" | "interrupted" | "unreachable";
  /** The HTTP status of the response; missing when there was none. */
  status?: number;
  /** Time until the response or the failure, in milliseconds. */
  ms: number;
  /** What to do when the response is not what Meta expects. */
  advice?: string;
  /** The beginning of the response body, if the status is not 200. */
  response?: string;
  /** How long the app asks to wait (`Retry-After`), in milliseconds. */
  retryAfterMs?: number;
}

export interface Forwarding {
  to: URL;
  /** Added to every request. */
  headers?: Record<string, string>;
  /** The longest wait for the app's response, and for each part of it, in milliseconds. Default: 30 s. */
  timeoutMs?: number;
}

/** Headers of a single connection, and those that undici sets. */
const NOT_FORWARDED = new Set(
  "connection keep-alive proxy-connection transfer-encoding content-length host expect upgrade te trailer".split(" "),
);
const CONNECTIONS = 32;
const TIMEOUT_MS = 30_000;
/** Errors of a connection that was never made. */
const NOT_CONNECTED = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EADDRNOTAVAIL",
  "UND_ERR_CONNECT_TIMEOUT",
  "UND_ERR_DESTROYED",
]);

export class Forwarder {
  readonly #poster: Poster;
  readonly #to: URL;
  readonly #headers: [string, string][];
  readonly #timeoutMs: number;
  #closed = false;

  private constructor(poster: Poster, { to, headers = {}, timeoutMs = TIMEOUT_MS }: Forwarding) {
    this.#poster = poster;
    this.#timeoutMs = timeoutMs;
    this.#to = to;
    this.#headers = Object.entries(headers);
  }

  static async open(forwarding: Forwarding): Promise<Forwarder> {
    const { to, timeoutMs = TIMEOUT_MS } = forwarding;
    return new Forwarder(await openPoster(to, CONNECTIONS, timeoutMs), forwarding);
  }

  /** One for each app, however often it is named. */
  static openAll(forwardings: Forwarding | readonly Forwarding[] = []): Promise<Forwarder[]> {
    const apps = new Map([forwardings].flat().map((forwarding) => [forwarding.to.href, forwarding]));
    return Promise.all([...apps.values()].map((forwarding) => Forwarder.open(forwarding)));
  }

  /** Throws a `UsageError` when the app is the server at this address. */
  refuseLoop(server: { host: string; port: number }): void {
    if (!leadsTo(this.#to, server)) return;
    throw new UsageError(`forwarding to ${this.#to.href} leads back to this listener`, {
      code: "listen.forward-loop",
      hint: "set --forward-to to the port of your app, or use another --port for the listener",
    });
  }

  /** The endpoint of the app. */
  get to(): string {
    return this.#to.href;
  }

  /** Sends one request. Never rejects: a failure is a result. */
  async forward({ headers, body }: Outgoing): Promise<Forwarded> {
    const started = performance.now();
    const sent = headers.filter(([name]) => !NOT_FORWARDED.has(name.toLowerCase()));
    try {
      const response = await this.#poster.post({ headers: [...sent, ...this.#headers], body });
      return readResponse(response, performance.now() - started);
    } catch (error) {
      const unreachable = this.#closed || NOT_CONNECTED.has(systemCode(error) ?? "");
      return {
        outcome: unreachable ? "unreachable" : "interrupted",
        ms: performance.now() - started,
        advice: adviseOnFailure(error, this.#to.origin, this.#timeoutMs),
      };
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#poster.close();
  }
}

function readResponse({ status, headers, beginning }: Responded, ms: number): Forwarded {
  const outcome = "responded";
  if (status === 200) return { outcome, status, ms, ...(ms > SLOW_MS ? { advice: LATENCY_ADVICE } : {}) };
  const retryAfterMs = readRetryAfter(headers["retry-after"], headers.date);
  return {
    outcome,
    status,
    ms,
    advice: adviseOnStatus(status),
    ...(beginning === "" ? {} : { response: beginning }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

/** What the store keeps of an attempt. */
export function resultOf({ status, ms, response }: Forwarded) {
  return { ms, ...(status === undefined ? {} : { status }), ...(response === undefined ? {} : { response }) };
}

/** What the events report about an attempt. */
export function shownOf(forwarded: Forwarded) {
  return { ...resultOf(forwarded), ...(forwarded.advice === undefined ? {} : { advice: forwarded.advice }) };
}

/** Seconds, or an HTTP date, which is compared with the app's own clock. Source: RFC 9110, sections 10.2.3 and 6.6.1. */
function readRetryAfter(header: string | undefined, date = ""): number | undefined {
  if (header === undefined) return undefined;
  const now = Date.parse(date) || Date.now();
  const ms = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isFinite(ms) && ms > 0 ? ms : undefined;
}
