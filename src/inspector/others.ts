/** Notices deliveries that other processes record in the same store: other replicas, an import. */
import type { History } from "./history.ts";

/** An own delivery is known long before it is looked for a second time. */
const LOOK_MS = 1000;
/** Own deliveries between two looks; beyond them, all count as those of others. */
const MAX_OWN = 20_000;

export class Others implements Disposable {
  readonly #history: History;
  readonly #notify: () => void;
  readonly #timer: NodeJS.Timeout;
  #own = new Set<number>();
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
    if (this.#own.size < MAX_OWN) this.#own.add(Number(delivery));
  }

  async #look(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    try {
      const last = Number((await this.#history.lastId()) ?? 0);
      const { before, until } = this.#seen ?? { before: last, until: last };
      this.#seen = { before: until, until: last };
      if (this.#isOfOthers(before, until)) this.#notify();
      this.#own = new Set([...this.#own].filter((id) => id > until));
    } catch {
      // The store cannot be read now, or is closed.
    } finally {
      this.#isLooking = false;
    }
  }

  #isOfOthers(before: number, until: number): boolean {
    for (let id = before + 1; id <= until; id++) if (!this.#own.has(id)) return true;
    return false;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}
