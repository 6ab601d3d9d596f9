/** Hands accepted deliveries on to the developer's app: the bytes and the headers as they came. */
import type { Pool } from "undici";

import { adviseOnFailure, adviseOnLatency, adviseOnStatus, SLOW_MS } from "../webhook/advice.ts";

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

interface Outgoing {
  headers: readonly [name: string, value: string][];
  body: Uint8Array;
}

/** Of one connection only, or for undici to set. */
const NOT_HANDED_ON = new Set(
  "connection keep-alive proxy-connection transfer-encoding content-length host expect upgrade te trailer".split(" "),
);
const CONNECTIONS = 32;
const ANSWER_CHARACTERS = 500;
const ANSWER_BYTES = 1024 * 1024;
const TIMEOUT_MS = 30_000;

export class Forwarder {
  readonly #pool: Pool;
  readonly #to: URL;
  readonly #headers: Record<string, string>;

  private constructor(pool: Pool, { to, headers }: Forwarding) {
    this.#pool = pool;
    this.#to = to;
    this.#headers = headers ?? {};
  }

  static async open(forwarding: Forwarding): Promise<Forwarder> {
    const { Pool } = await import("undici");
    const { origin } = forwarding.to;
    return new Forwarder(
      new Pool(origin, { connections: CONNECTIONS, headersTimeout: TIMEOUT_MS, bodyTimeout: TIMEOUT_MS }),
      forwarding,
    );
  }

  /** Delivers once. Follows no redirect and never rejects: a failure is a result like any other. */
  async forward({ headers, body }: Outgoing): Promise<Forwarded> {
    const started = performance.now();
    const sent = headers.filter(([name]) => !NOT_HANDED_ON.has(name.toLowerCase()));
    try {
      const { statusCode: status, body: answer } = await this.#pool.request({
        path: `${this.#to.pathname}${this.#to.search}`,
        method: "POST",
        headers: [...sent, ...Object.entries(this.#headers)].flat(),
        body,
      });
      const text = await beginning(answer);
      const ms = performance.now() - started;
      if (status !== 200)
        return { status, ms, attempt: 1, advice: adviseOnStatus(status), ...(text === "" ? {} : { answer: text }) };
      return { status, ms, attempt: 1, ...(ms > SLOW_MS ? { advice: adviseOnLatency } : {}) };
    } catch (error) {
      return {
        ms: performance.now() - started,
        attempt: 1,
        advice: adviseOnFailure(error, this.#to.origin, TIMEOUT_MS),
      };
    }
  }

  async close(): Promise<void> {
    await this.#pool.destroy();
  }
}

async function beginning(answer: AsyncIterable<Buffer>): Promise<string> {
  const kept: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer) {
    if (size < ANSWER_CHARACTERS) kept.push(chunk);
    size += chunk.length;
    // Leaving the loop hangs up, so an endless answer has an end.
    if (size > ANSWER_BYTES) break;
  }
  return Buffer.concat(kept).toString("utf8").slice(0, ANSWER_CHARACTERS);
}
