/** Reads the complete body of a request, up to a size limit and in bounded memory. */
import type { IncomingMessage, ServerResponse } from "node:http";

import type { ByteBudget, Share } from "./byte-budget.ts";
import { GrowingBytes } from "./growing-bytes.ts";
import type { Turn } from "./turns.ts";

/** Why the body was not read, and the number of bytes received. */
export interface Unread {
  /**
   * `too large`: larger than `maxBytes`. `cut off`: the connection closed first. `budget`: other bodies needed the memory.
   * `fragmented`: sent in tiny chunks, which cost more time than bytes.
   */
  why: "too large" | "cut off" | "budget" | "fragmented";
  bytes: number;
}

export interface Reception {
  /** The largest accepted body. */
  maxBytes: number;
  /** Shared with other requests. The bytes count until the body is returned or the request ends. */
  budget?: ByteBudget;
  /**
   * Sends `100 Continue` to a sender that expects it, unless the body is too large (for servers that listen to `checkContinue`). Gets
   * `connection: close` when the body was not read completely.
   */
  response?: ServerResponse;
}

/** Bodies up to this multiple of the limit are read to the end, so that the sender sees the response. */
const DRAINED = 4;

/** A body with more chunks than this is rejected when they are smaller than `SMALL_BYTES` on average. */
const MAX_SMALL_CHUNKS = 1000;
const SMALL_BYTES = 256;

/** Bodies larger than this wait for their turn. */
const LARGE_BYTES = 32 * 1024;

/** Resolves with the exact bytes, or why they were not read. Never rejects. */
export function receiveBody(request: IncomingMessage, reception: Reception): Promise<Buffer | Unread> {
  const { maxBytes, response } = reception;
  const declared = declaredLength(request);
  const waits = response !== undefined && /^100-continue$/i.test(request.headers.expect ?? "");
  if (declared !== undefined && declared > maxBytes * (waits ? 1 : DRAINED)) {
    closeAfter(response);
    return Promise.resolve({ why: "too large", bytes: 0 });
  }
  if (waits && !response.headersSent) response.writeContinue();
  return new Promise((resolve) => void new Receiving(request, reception, resolve));
}

/** The declared length; missing for a chunked body. */
function declaredLength({ headers }: IncomingMessage): number | undefined {
  const length = headers["content-length"];
  if (length !== undefined) return Number(length);
  return headers["transfer-encoding"] === undefined ? 0 : undefined;
}

class Receiving {
  readonly #request: IncomingMessage;
  readonly #reception: Reception;
  readonly #resolve: (body: Buffer | Unread) => void;
  readonly #share: Share | undefined;
  readonly #body: GrowingBytes;
  readonly #turn: Turn;
  #hasTurn = false;
  #paused = false;
  #yielding = false;
  #settled = false;
  #bytes = 0;
  #chunks = 0;
  #tooLarge: boolean;

  constructor(request: IncomingMessage, reception: Reception, resolve: (body: Buffer | Unread) => void) {
    const { maxBytes, budget } = reception;
    this.#request = request;
    this.#reception = reception;
    this.#resolve = resolve;
    this.#share = budget?.open(() => this.#stop("budget"));
    this.#turn = {
      pause: () => {
        this.#paused = true;
        request.pause();
      },
      resume: () => {
        this.#paused = false;
        this.#continue();
      },
    };
    const declared = declaredLength(request) ?? maxBytes;
    this.#tooLarge = declared > maxBytes;
    this.#body = new GrowingBytes(Math.min(declared, maxBytes), (bytes) => this.#share?.reserve(bytes) ?? true);
    request.on("data", this.#receive).on("end", this.#end).on("close", this.#cut);
    // A broken connection emits "close" as well.
    request.on("error", () => undefined);
    if (declared > LARGE_BYTES && declaredLength(request) !== undefined) this.#awaitTurn();
  }

  readonly #receive = (chunk: Buffer): void => {
    this.#bytes += chunk.length;
    this.#chunks++;
    const { maxBytes } = this.#reception;
    if (this.#bytes > maxBytes * DRAINED) this.#stop("too large");
    else if (this.#chunks > MAX_SMALL_CHUNKS && this.#bytes < this.#chunks * SMALL_BYTES) this.#stop("fragmented");
    else if (this.#bytes > maxBytes) this.#drain();
    else if (!this.#tooLarge && !this.#body.add(chunk)) this.#stop("budget");
    else if (this.#bytes > LARGE_BYTES) this.#awaitTurn();
  };

  #awaitTurn(): void {
    if (!this.#hasTurn) {
      this.#hasTurn = true;
      this.#reception.budget?.turns.begin(this.#turn);
    }
    // One chunk at a time: Node.js would keep reading while other connections wait.
    if (this.#reception.budget?.turns.crowded === true && !this.#paused && !this.#yielding) {
      this.#yielding = true;
      this.#request.pause();
      setImmediate(() => {
        this.#yielding = false;
        this.#continue();
      });
    }
  }

  #continue(): void {
    if (!this.#paused && !this.#yielding && !this.#settled) this.#request.resume();
  }

  /** Keeps reading a body that is too large, without storing it. */
  #drain(): void {
    this.#tooLarge = true;
    this.#body.drop();
    this.#share?.release();
  }

  readonly #end = (): void => {
    this.#settle(this.#tooLarge ? { why: "too large", bytes: this.#bytes } : this.#body.take());
  };

  /** Also emitted after "end", when the listeners are removed. */
  readonly #cut = (): void => this.#settle({ why: "cut off", bytes: this.#bytes });

  /** Discards the rest of the body. Pausing the request would keep what was read already. */
  #stop(why: Unread["why"]): void {
    this.#settle({ why, bytes: this.#bytes });
    this.#request.resume();
    closeAfter(this.#reception.response);
  }

  #settle(outcome: Buffer | Unread): void {
    this.#settled = true;
    this.#request.off("data", this.#receive).off("end", this.#end).off("close", this.#cut);
    this.#body.drop();
    this.#share?.release();
    this.#reception.budget?.turns.end(this.#turn);
    this.#resolve(outcome);
  }
}

/** The rest of an unread body must not be parsed as the next request. */
function closeAfter(response: ServerResponse | undefined): void {
  if (response !== undefined && !response.headersSent) response.setHeader("connection", "close");
}
