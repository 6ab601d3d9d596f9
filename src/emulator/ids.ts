/** Generates ids from the seed and a counter, so that the same seed gives the same ids. */
import { createHash } from "node:crypto";

import { digitsOf, hexOf } from "../webhook/derive.ts";
import { wamid } from "../webhook/wamid.ts";

export { digitsOf, hexOf };

/** The trace ids of one request, for its response headers and error body. */
export interface Trace {
  trace: string;
  request: string;
  debug: string;
}

export class Ids {
  readonly #seed: string;
  readonly #counts = new Map<string, number>();

  constructor(seed: string) {
    this.#seed = seed;
  }

  message(number: string): string {
    return wamid(number, `${this.#seed} message ${this.#next("message")}`);
  }

  /** The next numeric id of its kind, such as `media` or `template`. */
  digits(kind: string): string {
    return digitsOf(`${this.#seed} ${kind} ${this.#next(kind)}`, 16);
  }

  /** The random part of a new token. */
  token(): string {
    return hexOf(`${this.#seed} token ${this.#next("token")}`);
  }

  trace(): Trace {
    const bytes = createHash("sha512")
      .update(`${this.#seed} trace ${this.#next("trace")}`)
      .digest();
    const part = (from: number) => `A${bytes.toString("base64url", from, from + 16)}`;
    return { trace: part(0), request: part(16), debug: bytes.toString("base64") };
  }

  #next(kind: string): number {
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    return count;
  }
}
