/** The body of a request to one of our servers: whole, up to a limit, in bounded memory. */
import type { IncomingMessage, ServerResponse } from "node:http";

import type { ByteBudget, Share } from "./byte-budget.ts";
import { GrowingBytes } from "./growing-bytes.ts";
import type { Turn } from "./turns.ts";

/** Why there is no body, and how many bytes of it came. */
export interface Unread {
  /**
   * `too large`: larger than `maxBytes`. `cut off`: the connection ended first. `budget`: its memory was needed for others.
   * `fragmented`: it came in crumbs, which cost more time than bytes.
   */
  why: "too large" | "cut off" | "budget" | "fragmented";
  bytes: number;
}

export interface Reception {
  /** The largest body that is accepted. */
  maxBytes: number;
  /** Shared with other requests; the bytes count until they are handed over, or the request ends without them. */
  budget?: ByteBudget;
  /**
   * A sender that asks for it gets its `100 Continue` here, unless its body is too large anyway (for servers that listen to
   * `checkContinue`). A body that was not read to its end makes it `connection: close`.
   */
  response?: ServerResponse;
}

/** A body this many times too large is still read to its end, so that the sender sees the response. */
const DRAINED = 4;

/** So many pieces may be of any size; a body of more is refused when they are smaller than this on average. */
const SMALL_PIECES = 1000;
const SMALL_BYTES = 256;

/** Larger bodies than this wait for their turn. */
const LARGE_BYTES = 32 * 1024;

/** The exact bytes, or why they are not there; never rejects. */
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

/** The length that the sender has declared; nothing for a chunked body, whose length nobody knows. */
function declaredLength({ headers }: IncomingMessage): number | undefined {
  const length = headers["content-length"];
  if (length !== undefined) return Number(length);
  return headers["transfer-encoding"] === undefined ? 0 : undefined;
}

class Receiving implements Turn {
  readonly #request: IncomingMessage;
  readonly #reception: Reception;
  readonly #resolve: (body: Buffer | Unread) => void;
  readonly #declared: number | undefined;
  /** Most bodies come whole; the others grow. */
  #whole: Buffer | undefined;
  #body: GrowingBytes | undefined;
  #share: Share | undefined;
  #hasTurn = false;
  #paused = false;
  #breathing = false;
  #settled = false;
  #bytes = 0;
  #pieces = 0;
  #tooLarge: boolean;

  constructor(request: IncomingMessage, reception: Reception, resolve: (body: Buffer | Unread) => void) {
    this.#request = request;
    this.#reception = reception;
    this.#resolve = resolve;
    this.#declared = declaredLength(request);
    const declared = this.#declared ?? 0;
    this.#tooLarge = declared > reception.maxBytes;
    request
      .on("data", (piece: Buffer) => this.#take(piece))
      .on("end", () => this.#end())
      // Comes after "end" too, when it no longer changes anything.
      .on("close", () => this.#settle({ why: "cut off", bytes: this.#bytes }))
      // A connection that breaks closes too.
      .on("error", () => undefined);
    if (declared > LARGE_BYTES) this.#awaitTurn();
  }

  #take(piece: Buffer): void {
    if (this.#settled) return;
    this.#bytes += piece.length;
    this.#pieces++;
    const { maxBytes } = this.#reception;
    if (this.#bytes > maxBytes * DRAINED) this.#stop("too large");
    else if (this.#pieces > SMALL_PIECES && this.#bytes < this.#pieces * SMALL_BYTES) this.#stop("fragmented");
    else if (this.#bytes > maxBytes) this.#drain();
    else if (!this.#tooLarge && !this.#keep(piece)) this.#stop("budget");
    else if (this.#bytes > LARGE_BYTES) this.#awaitTurn();
  }

  #keep(piece: Buffer): boolean {
    if (piece.length === this.#declared) {
      this.#whole = piece;
      return true;
    }
    const { maxBytes, budget } = this.#reception;
    this.#share ??= budget?.open(() => this.#stop("budget"));
    this.#body ??= new GrowingBytes(
      Math.min(this.#declared ?? maxBytes, maxBytes),
      (bytes) => this.#share?.reserve(bytes) ?? true,
    );
    return this.#body.add(piece);
  }

  pause(): void {
    this.#paused = true;
    this.#request.pause();
  }

  resume(): void {
    this.#paused = false;
    this.#goOn();
  }

  #awaitTurn(): void {
    if (!this.#hasTurn) {
      this.#hasTurn = true;
      this.#reception.budget?.turns.begin(this);
    }
    // One piece at a time: Node.js would read on and on while the other connections wait.
    if (this.#reception.budget?.turns.crowded === true && !this.#paused && !this.#breathing) {
      this.#breathing = true;
      this.#request.pause();
      setImmediate(() => {
        this.#breathing = false;
        this.#goOn();
      });
    }
  }

  #goOn(): void {
    if (!this.#paused && !this.#breathing && !this.#settled) this.#request.resume();
  }

  /** What is too large is read on, but not kept. */
  #drain(): void {
    this.#tooLarge = true;
    this.#body?.drop();
    this.#share?.release();
  }

  #end(): void {
    if (this.#tooLarge) this.#settle({ why: "too large", bytes: this.#bytes });
    else this.#settle(this.#whole ?? this.#body?.take() ?? Buffer.alloc(0));
  }

  /** Nothing more of it is kept; what had been read already flows away, where pausing the request would keep it. */
  #stop(why: Unread["why"]): void {
    this.#settle({ why, bytes: this.#bytes });
    this.#request.resume();
    closeAfter(this.#reception.response);
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

/** What is left of a body that was not read must not be read as the next request. */
function closeAfter(response: ServerResponse | undefined): void {
  if (response !== undefined && !response.headersSent) response.setHeader("connection", "close");
}
