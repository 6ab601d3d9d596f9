/** The emulator's time: the real one plus what was advanced; with a seed, one that only messages move. */

const SEEDED_START_MS = 1_785_500_000_000;
const SEEDED_STEP_MS = 1000;

export class Clock {
  readonly #seeded: boolean;
  #advanced = 0;
  #messages = 0;

  constructor(seeded: boolean) {
    this.#seeded = seeded;
  }

  /** What messages, tokens and windows go by, in milliseconds since 1970. */
  now(): number {
    const time = this.#seeded ? SEEDED_START_MS + this.#messages * SEEDED_STEP_MS : Date.now();
    return time + this.#advanced;
  }

  /** The same in whole seconds, as Meta writes times. */
  seconds(): number {
    return Math.floor(this.now() / 1000);
  }

  /** What waiting goes by, in milliseconds: it passes also when there is a seed. */
  elapsed(): number {
    return performance.now() + this.#advanced;
  }

  /** A message was accepted or received. */
  tick(): void {
    this.#messages++;
  }

  advance(ms: number): void {
    this.#advanced += ms;
  }
}
