/** Delivers to an app as Meta does: one POST, no redirect followed, and the answer read to its end. */
import type { Dispatcher, Pool } from "undici";

export interface Outgoing {
  /** Names and values as they go out. */
  headers: readonly (readonly [name: string, value: string])[];
  body: Uint8Array;
}

/** The app's answer. */
interface Answered {
  status: number;
  /** The first characters of its body. */
  beginning: string;
}

export interface Poster {
  /** Rejects with the error of the socket or of the HTTP parser when there is no complete answer. */
  post(outgoing: Outgoing): Promise<Answered>;
  /** Ends everything that is in flight. */
  close(): Promise<void>;
}

const KEPT_CHARACTERS = 500;
/** An answer larger than this is cut off and counts as complete. */
const MAX_ANSWER_BYTES = 1024 * 1024;

/**
 * Opens at most so many `connections` to an app. `timeout`, in milliseconds, is for connecting, for the answer to begin, and for each
 * pause in it; an answer whose body takes longer in all is cut off and counts as complete.
 */
export async function openPoster(to: URL, connections: number, timeout: number): Promise<Poster> {
  const { default: Pool } = await import("undici/lib/dispatcher/pool.js");
  const limits = { connections, headersTimeout: timeout, bodyTimeout: timeout, connectTimeout: timeout };
  const pool: Pool = new Pool(to.origin, limits);
  const path = `${to.pathname}${to.search}`;
  return {
    post: ({ headers, body }) =>
      new Promise((resolve, reject) => {
        const options: Dispatcher.DispatchOptions = { path, method: "POST", headers: headers.flat(), body };
        pool.dispatch(options, new Answer(timeout, resolve, reject));
      }),
    close: () => pool.destroy(),
  };
}

/** Takes one answer from undici, piece by piece. */
class Answer implements Dispatcher.DispatchHandler {
  readonly #resolve: (answered: Answered) => void;
  readonly #reject: (error: unknown) => void;
  readonly #kept: Buffer[] = [];
  readonly #timeout: number;
  #size = 0;
  #status = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(timeout: number, resolve: (answered: Answered) => void, reject: (error: unknown) => void) {
    this.#timeout = timeout;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  onRequestStart(): void {
    // Nothing to do, but undici wants it.
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number): void {
    this.#status = status;
    this.#timer ??= setTimeout(() => this.#cut(controller), this.#timeout);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#size < KEPT_CHARACTERS) this.#kept.push(Buffer.from(chunk));
    this.#size += chunk.length;
    if (this.#size > MAX_ANSWER_BYTES) this.#cut(controller);
  }

  /** What comes after the abort changes nothing any more. */
  #cut(controller: Dispatcher.DispatchController): void {
    this.onResponseEnd();
    controller.abort(new Error("the answer is too large or too slow"));
  }

  onResponseEnd(): void {
    clearTimeout(this.#timer);
    const beginning = Buffer.concat(this.#kept).toString("utf8").slice(0, KEPT_CHARACTERS);
    this.#resolve({ status: this.#status, beginning });
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    clearTimeout(this.#timer);
    this.#reject(error);
  }
}
