/** Notices deliveries that other processes record in the same store: other replicas, an import. */
import type { History } from "./history.ts";

/** An own delivery is known long before it is looked for a second time. */
const LOOK_MS = 1000;
/** Runs of own deliveries between two looks; beyond them, all count as those of others. */
const MAX_RUNS = 10_000;

/** Own deliveries whose ids follow each other, as nearly all do. */
interface Run {
  first: number;
  last: number;
}

export class Others implements Disposable {
  readonly #history: History;
  readonly #notify: () => void;
  readonly #timer: NodeJS.Timeout;
  #own: Run[] = [];
  /** The ids of the newest deliveries, two looks and one look ago. */
  #seen: { before: number; until: number } | undefined;
  #isLooking = false;

  /** Calls `notify` a second or two after others have recorded something. */
  constructor(history: History, notify: () => void) {
    this.#history = history;
    this.#notify = notify;
    void this.#look();
    this.#timer = setInterval(() => void this.#look(), LOOK_MS).unref();
  }

  /** A delivery of this process. */
  add(delivery: string): void {
    const id = Number(delivery);
    const run = this.#own.at(-1);
    if (run?.last === id - 1) run.last = id;
    else if (this.#own.length < MAX_RUNS) this.#own.push({ first: id, last: id });
  }

  async #look(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    try {
      const last = Number((await this.#history.lastId()) ?? 0);
      const { before, until } = this.#seen ?? { before: last, until: last };
      this.#seen = { before: until, until: last };
      if (this.#isOfOthers(before, until)) this.#notify();
      this.#own = this.#own.filter(({ last: end }) => end > until);
    } catch {
      // The store cannot be read now, or is closed.
    } finally {
      this.#isLooking = false;
    }
  }

  #isOfOthers(before: number, until: number): boolean {
    let own = 0;
    for (const { first, last } of this.#own) own += Math.max(0, Math.min(last, until) - Math.max(first - 1, before));
    return own < until - before;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}
