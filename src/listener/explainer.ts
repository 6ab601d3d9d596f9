/** Explains mismatched signatures one at a time, in a bounded share of the program's time and memory. */
import { explanations, SKIPPED, type Secret, type Signed } from "./explain.ts";

/** A flood of wrong signatures must not take the time of the right ones. */
const EXPLAINED_PER_SECOND = 20;
const MS_PER_SECOND = 250;
/** For one body, in milliseconds. */
const MS_EACH = 50;
const WAITING = 16;
const WAITING_BYTES = 8 * 1024 * 1024;

const UNTRIED = "signature does not match, like many others in this second";

export class Explainer {
  readonly #appSecret: string;
  readonly #others: readonly Secret[];
  #second = 0;
  #explained = 0;
  #spentMs = 0;
  #waiting = 0;
  #waitingBytes = 0;
  /** The one before must be done. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(appSecret: string, others: readonly Secret[]) {
    this.#appSecret = appSecret;
    this.#others = others;
  }

  /** One sentence; without a reason when there are too many at once. Never rejects. */
  async explain(signed: Signed): Promise<string> {
    const { length } = signed.body;
    if (!this.#allows() || this.#waiting >= WAITING || this.#waitingBytes + length > WAITING_BYTES) return UNTRIED;
    this.#waiting++;
    this.#waitingBytes += length;
    const before = this.#last;
    const explained = before.then(() => this.#explain(signed));
    this.#last = explained;
    try {
      return await explained;
    } finally {
      this.#waiting--;
      this.#waitingBytes -= length;
    }
  }

  #allows(): boolean {
    const second = Math.floor(performance.now() / 1000);
    if (second !== this.#second) [this.#explained, this.#spentMs] = [0, 0];
    this.#second = second;
    return ++this.#explained <= EXPLAINED_PER_SECOND && this.#spentMs < MS_PER_SECOND;
  }

  async #explain(signed: Signed): Promise<string> {
    let [spent, started] = [0, performance.now()];
    for (const reason of explanations(signed, this.#appSecret, this.#others)) {
      const took = performance.now() - started;
      spent += took;
      this.#spentMs += took;
      if (reason !== undefined) return reason;
      if (spent > MS_EACH || this.#spentMs > MS_PER_SECOND) return SKIPPED;
      // Of a large body each try takes milliseconds; deliveries come in between.
      if (took > 1) await new Promise((resolve) => setImmediate(resolve));
      started = performance.now();
    }
    return SKIPPED;
  }
}
