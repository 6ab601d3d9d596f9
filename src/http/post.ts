/** Sends requests to an app as Meta does: one POST per delivery, no redirects followed, the response read to its end. */
import type { IncomingHttpHeaders } from "node:http";

import type { Dispatcher, Pool } from "undici";

import { connectOptions } from "./loopback.ts";

export interface Outgoing {
  /** Names and values in the order in which they are sent. */
  headers: readonly (readonly [name: string, value: string])[];
  body: Uint8Array;
}

/** The app's response. */
export interface Responded {
  status: number;
  headers: IncomingHttpHeaders;
  /** The beginning of its body. */
  beginning: string;
}

export interface Poster {
  /** Rejects with the error of the socket or of the HTTP parser when there is no complete response. */
  post(outgoing: Outgoing): Promise<Responded>;
  /** A GET with these parameters after those of the URL; rejects likewise. */
  get(query: URLSearchParams, headers: Outgoing["headers"]): Promise<Responded>;
  /** Cancels all requests in flight. */
  close(): Promise<void>;
}

/** How much of a response is kept unless more is asked for. */
const KEPT_CHARACTERS = 500;
/** A larger response is truncated and counts as complete. */
const MAX_RESPONSE_BYTES = 1024 * 1024;

/**
 * Opens up to `connections` connections to an app. `timeout`, in milliseconds, limits connecting, the wait for the response, and each
 * pause in it. A response whose body takes longer in total is truncated and counts as complete. `kept` characters of it are returned.
 * `ca` are the trusted certificates (PEM); default: those of Node.js.
 */
export async function openPoster(
  to: URL,
  connections: number,
  timeout: number,
  { ca, kept = KEPT_CHARACTERS }: { ca?: readonly string[] | undefined; kept?: number } = {},
): Promise<Poster> {
  const { default: Pool } = await import("undici/lib/dispatcher/pool.js");
  const limits = { connections, headersTimeout: timeout, bodyTimeout: timeout, connectTimeout: timeout };
  const trusted = ca === undefined ? {} : { ca: [...ca] };
  const pool: Pool = new Pool(to.origin, { ...limits, connect: { ...connectOptions(to), ...trusted } });
  const send = (options: Dispatcher.DispatchOptions): Promise<Responded> =>
    new Promise((resolve, reject) => pool.dispatch(options, new ResponseHandler({ timeout, kept }, resolve, reject)));
  const path = `${to.pathname}${to.search}`;
  return {
    post: ({ headers, body }) => send({ path, method: "POST", headers: headers.flat(), body }),
    get: (query, headers) => {
      const all = [to.search.slice(1), query.toString()].filter((part) => part !== "").join("&");
      return send({ path: `${to.pathname}${all === "" ? "" : `?${all}`}`, method: "GET", headers: headers.flat() });
    },
    close: () => pool.destroy(),
  };
}

/** Receives one response from undici. */
class ResponseHandler implements Dispatcher.DispatchHandler {
  readonly #resolve: (responded: Responded) => void;
  readonly #reject: (error: unknown) => void;
  readonly #kept: Buffer[] = [];
  readonly #limits: { timeout: number; kept: number };
  #size = 0;
  #status = 0;
  #headers: IncomingHttpHeaders = {};
  #timer: NodeJS.Timeout | undefined;

  constructor(
    limits: { timeout: number; kept: number },
    resolve: (responded: Responded) => void,
    reject: (error: unknown) => void,
  ) {
    this.#limits = limits;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  onRequestStart(): void {
    // Required by undici.
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    this.#status = status;
    this.#headers = headers;
    this.#timer ??= setTimeout(() => this.#truncate(controller), this.#limits.timeout);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#size < this.#limits.kept) this.#kept.push(Buffer.from(chunk));
    this.#size += chunk.length;
    if (this.#size > MAX_RESPONSE_BYTES) this.#truncate(controller);
  }

  /** Resolves first, so that the error of the abort has no effect. */
  #truncate(controller: Dispatcher.DispatchController): void {
    this.onResponseEnd();
    controller.abort(new Error("the response is too large or too slow"));
  }

  onResponseEnd(): void {
    clearTimeout(this.#timer);
    const beginning = Buffer.concat(this.#kept).toString("utf8").slice(0, this.#limits.kept);
    this.#resolve({ status: this.#status, headers: this.#headers, beginning });
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    clearTimeout(this.#timer);
    this.#reject(error);
  }
}
