/** Adds recorded deliveries to the store's index of events while nothing arrives, so that reading commands find it complete. */
import type { Store } from "../store/store.ts";

const EVERY_MS = 1000;
/** How long one turn may take, which delays what arrives meanwhile. */
const TURN_MS = 5;

export class Indexer {
  readonly #store: Store;
  readonly #arrived: () => number;
  readonly #timer: NodeJS.Timeout;
  #before = -1;
  #step: NodeJS.Immediate | undefined;

  /** `arrived` counts what has arrived since the start. */
  constructor(store: Store, arrived: () => number) {
    this.#store = store;
    this.#arrived = arrived;
    this.#timer = setInterval(() => this.#indexWhenIdle(), EVERY_MS).unref();
  }

  #indexWhenIdle(): void {
    const now = this.#arrived();
    const idle = now === this.#before;
    this.#before = now;
    if (idle) this.#work();
  }

  /** Goes on in the next turn until the index is complete or something arrives. */
  #work(): void {
    if (this.#step !== undefined || this.#arrived() !== this.#before) return;
    const deadline = performance.now() + TURN_MS;
    let more = true;
    // An index that cannot be written now is completed later, or by the next reader.
    try {
      while (more && performance.now() < deadline) more = this.#store.indexMore?.() ?? false;
    } catch {
      more = false;
    }
    if (!more) return;
    this.#step = setImmediate(() => {
      this.#step = undefined;
      this.#work();
    });
  }

  close(): void {
    clearInterval(this.#timer);
    clearImmediate(this.#step);
  }
}
