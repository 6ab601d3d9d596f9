/** Ids of everything that the emulator makes: counted, and derived from the seed, so that the same seed gives the same ids. */
import { createHash } from "node:crypto";

import { wamid } from "../webhook/wamid.ts";

/** The ids of one request in the headers and the error of its answer. */
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

  /** The next id of its sort, in digits: of a media object, of a template. */
  digits(sort: string): string {
    return digitsOf(`${this.#seed} ${sort} ${this.#next(sort)}`, 16);
  }

  /** Letters and digits for a new token. */
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

  #next(sort: string): number {
    const count = (this.#counts.get(sort) ?? 0) + 1;
    this.#counts.set(sort, count);
    return count;
  }
}

/** So many digits, the first of them not 0. */
export function digitsOf(text: string, length: number): string {
  const number = BigInt(`0x${hexOf(text)}`);
  return String(10n ** BigInt(length - 1) + (number % (9n * 10n ** BigInt(length - 1))));
}

/** 64 hex digits. */
export function hexOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
