/** Explains signature mismatches one at a time, within a budget of time and memory. */
import { explanations, SKIPPED, type Secret, type Signed } from "../webhook/signature-mismatch.ts";

/** A flood of wrong signatures must not delay valid deliveries. */
const EXPLAINED_PER_SECOND = 20;
const MS_PER_SECOND = 250;
/** Budget per body while others wait, in milliseconds. */
const MS_EACH = 50;
const WAITING = 16;
const WAITING_BYTES = 8 * 1024 * 1024;

const UNTRIED = "signature mismatch (not analyzed: too many rejected deliveries)";

export class Explainer {
  readonly #appSecret: string;
  readonly #others: readonly Secret[];
  #second = 0;
  #explained = 0;
  #spentMs = 0;
  #waiting = 0;
  #waitingBytes = 0;
  /** Resolves when the previous explanation is done. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(appSecret: string, others: readonly Secret[]) {
    this.#appSecret = appSecret;
    this.#others = others;
  }

  /** Resolves with one line; without analysis when too many are pending. Never rejects. */
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
      if (this.#waiting > 1 && (spent > MS_EACH || this.#spentMs > MS_PER_SECOND)) return SKIPPED;
      // Each attempt on a large body takes milliseconds, so other requests are handled in between.
      if (took > 1) await new Promise((resolve) => setImmediate(resolve));
      started = performance.now();
    }
    return SKIPPED;
  }
}
