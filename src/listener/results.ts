/** The results of forwards on their way into the store; what cannot be saved now is kept and saved later. */
import { reasonOf } from "../errors.ts";
import type { ForwardResult } from "../store/forward.ts";
import type { ForwardStore } from "../store/store.ts";
import { InFlight } from "./in-flight.ts";

export class Results {
  readonly #store: ForwardStore;
  readonly #notify: (notice: string) => void;
  /** By the id of the forward: being saved, or to be saved again. */
  readonly #unsaved = new Map<string, ForwardResult>();
  readonly #failed = new Set<ForwardResult>();
  readonly #saving = new InFlight();
  #notified = false;

  /** `notify` gets one line per outage of the store. */
  constructor(store: ForwardStore, notify: (notice: string) => void) {
    this.#store = store;
    this.#notify = notify;
  }

  get size(): number {
    return this.#unsaved.size;
  }

  /** Whether what the store says about this forward is out of date. */
  has(id: string): boolean {
    return this.#unsaved.has(id);
  }

  /** Never rejects. */
  async save(result: ForwardResult): Promise<void> {
    const { id } = result;
    const before = this.#unsaved.get(id);
    if (before !== undefined) this.#failed.delete(before);
    this.#unsaved.set(id, result);
    this.#saving.begin();
    try {
      await this.#store.settle(result);
      this.#notified = false;
      if (this.#unsaved.get(id) === result) this.#unsaved.delete(id);
    } catch (error) {
      if (this.#unsaved.get(id) === result) this.#failed.add(result);
      if (!this.#notified) this.#notify(`the result of a forward was not saved: ${reasonOf(error)}`);
      this.#notified = true;
    }
    this.#saving.end();
  }

  /** Saves again what failed. */
  retry(): void {
    const failed = [...this.#failed];
    this.#failed.clear();
    for (const result of failed) void this.save(result);
  }

  /** Resolves when nothing is being saved. What failed is then lost, and forwarded once more after the next start. */
  async none(): Promise<void> {
    await this.#saving.none();
  }
}
