/** A limit on what is done for each of many events. */
export class PerSecond {
  readonly #most: number;
  #second = 0;
  #allowed = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** Whether one more is within the limit of this second. */
  allows(): boolean {
    const second = Math.floor(performance.now() / 1000);
    if (second !== this.#second) [this.#second, this.#allowed] = [second, 0];
    return ++this.#allowed <= this.#most;
  }
}
