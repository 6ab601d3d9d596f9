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
}

/** Bodies up to this multiple of the limit are read to the end, so that the sender sees the response. */
const DRAINED = 4;

/** A body with more chunks than this is rejected when they are smaller than `SMALL_BYTES` on average. */
const MAX_SMALL_CHUNKS = 1000;
const SMALL_BYTES = 256;

/** Bodies larger than this wait for their turn. */
const LARGE_BYTES = 32 * 1024;

/**
 * Resolves with the exact bytes, or why they were not read. Never rejects. `response` sends `100 Continue` to a sender that expects it,
 * unless the body is too large (for servers that listen to `checkContinue`), and gets `connection: close` when the body was not read
 * completely.
 */
export function receiveBody(
  request: IncomingMessage,
  reception: Reception,
  response?: ServerResponse,
): Promise<Buffer | Unread> {
  const { maxBytes } = reception;
  const declared = declaredLength(request);
  const waits = response !== undefined && /^100-continue$/i.test(request.headers.expect ?? "");
  if (declared !== undefined && declared > maxBytes * (waits ? 1 : DRAINED)) {
    closeAfter(response);
    return Promise.resolve({ why: "too large", bytes: 0 });
  }
  if (waits && !response.headersSent) response.writeContinue();
  return new Promise((resolve) => void new Receiving(request, reception, response, resolve));
}

/** The declared length; missing for a chunked body. */
function declaredLength({ headers }: IncomingMessage): number | undefined {
  const length = headers["content-length"];
  if (length !== undefined) return Number(length);
  return headers["transfer-encoding"] === undefined ? 0 : undefined;
}

class Receiving implements Turn {
  readonly #request: IncomingMessage;
  readonly #reception: Reception;
  readonly #response: ServerResponse | undefined;
  readonly #resolve: (body: Buffer | Unread) => void;
  readonly #declared: number | undefined;
  /** Most bodies come whole; the others grow. */
  #whole: Buffer | undefined;
  #body: GrowingBytes | undefined;
  #share: Share | undefined;
  #hasTurn = false;
  #paused = false;
  #yielding = false;
  #settled = false;
  #bytes = 0;
  #chunks = 0;
  #tooLarge: boolean;

  constructor(
    request: IncomingMessage,
    reception: Reception,
    response: ServerResponse | undefined,
    resolve: (body: Buffer | Unread) => void,
  ) {
    this.#request = request;
    this.#reception = reception;
    this.#response = response;
    this.#resolve = resolve;
    this.#declared = declaredLength(request);
    const declared = this.#declared ?? 0;
    this.#tooLarge = declared > reception.maxBytes;
    request
      .on("data", (chunk: Buffer) => this.#take(chunk))
      .on("end", () => this.#end())
      // Also emitted after "end", when it no longer has an effect.
      .on("close", () => this.#settle({ why: "cut off", bytes: this.#bytes }))
      // A broken connection emits "close" as well.
      .on("error", () => undefined);
    if (declared > LARGE_BYTES) this.#awaitTurn();
  }

  #take(chunk: Buffer): void {
    if (this.#settled) return;
    this.#bytes += chunk.length;
    this.#chunks++;
    const { maxBytes } = this.#reception;
    if (this.#bytes > maxBytes * DRAINED) this.#stop("too large");
    else if (this.#chunks > MAX_SMALL_CHUNKS && this.#bytes < this.#chunks * SMALL_BYTES) this.#stop("fragmented");
    else if (this.#bytes > maxBytes) this.#drain();
    else if (!this.#tooLarge && !this.#keep(chunk)) this.#stop("budget");
    else if (this.#bytes > LARGE_BYTES) this.#awaitTurn();
  }

  #keep(chunk: Buffer): boolean {
    if (chunk.length === this.#declared) {
      this.#whole = chunk;
      return true;
    }
    const { maxBytes, budget } = this.#reception;
    this.#share ??= budget?.open(() => this.#stop("budget"));
    this.#body ??= new GrowingBytes(
      Math.min(this.#declared ?? maxBytes, maxBytes),
      (bytes) => this.#share?.reserve(bytes) ?? true,
    );
    return this.#body.add(chunk);
  }

  pause(): void {
    this.#paused = true;
    this.#request.pause();
  }

  resume(): void {
    this.#paused = false;
    this.#continue();
  }

  #awaitTurn(): void {
    if (!this.#hasTurn) {
      this.#hasTurn = true;
      this.#reception.budget?.turns.begin(this);
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
    this.#body?.drop();
    this.#share?.release();
  }

  #end(): void {
    if (this.#tooLarge) this.#settle({ why: "too large", bytes: this.#bytes });
    else this.#settle(this.#whole ?? this.#body?.take() ?? Buffer.alloc(0));
  }

  /** Discards the rest of the body. Pausing the request would keep what was read already. */
  #stop(why: Unread["why"]): void {
    this.#settle({ why, bytes: this.#bytes });
    this.#request.resume();
    closeAfter(this.#response);
  }

  #settle(outcome: Buffer | Unread): void {
    if (this.#settled) return;
    this.#settled = true;
    this.#body?.drop();
    this.#share?.release();
    if (this.#hasTurn) this.#reception.budget?.turns.end(this);
    this.#resolve(outcome);
  }
}

/** The rest of an unread body must not be parsed as the next request. */
function closeAfter(response: ServerResponse | undefined): void {
  if (response !== undefined && !response.headersSent) response.setHeader("connection", "close");
}
