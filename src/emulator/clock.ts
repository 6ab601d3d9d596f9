/** The emulator's clock: real time plus the advanced time; with a seed, a clock that moves only with messages. */

const SEEDED_START_MS = 1_785_500_000_000;
const SEEDED_STEP_MS = 1000;

export class Clock {
  readonly #seeded: boolean;
  #advanced = 0;
  #messages = 0;

  constructor(seeded: boolean) {
    this.#seeded = seeded;
  }

  /** The time for messages, tokens and windows, in milliseconds since 1970. */
  now(): number {
    const time = this.#seeded ? SEEDED_START_MS + this.#messages * SEEDED_STEP_MS : Date.now();
    return time + this.#advanced;
  }

  /** The same in whole seconds, the unit of Meta's timestamps. */
  seconds(): number {
    return Math.floor(this.now() / 1000);
  }

  /** Monotonic time for delays and rate limits, in milliseconds; it runs in real time even with a seed. */
  elapsed(): number {
    return performance.now() + this.#advanced;
  }

  /** Called for each accepted or received message. */
  tick(): void {
    this.#messages++;
  }

  advance(ms: number): void {
    this.#advanced += ms;
  }
}
