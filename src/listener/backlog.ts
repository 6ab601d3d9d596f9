/** Reads what is to be forwarded to one app from the store. */
import { reasonOf, UsageError } from "../errors.ts";
import type { Forward } from "../store/forward.ts";
import type { ForwardStore } from "../store/store.ts";
import type { Outbound } from "./outbound.ts";

/** Forwards that are read at a time. */
export const PAGE = 200;

export class Backlog {
  readonly #store: ForwardStore;
  readonly #to: string;
  readonly #notify: (notice: string) => void;
  #notified = false;

  /** `notify` gets one line per outage of the store, and one per delivery that is malformed. */
  constructor(store: ForwardStore, to: string, notify: (notice: string) => void) {
    this.#store = store;
    this.#to = to;
    this.#notify = notify;
  }

  /** The oldest pending forwards after this id; nothing when the store cannot be read now. */
  page(after: string): Forward[] | null | undefined {
    return this.#tryRead(() => this.#store.pending({ to: this.#to, after, limit: PAGE }));
  }

  /** The delivery of a forward; `null` when it is malformed or no longer in the store, nothing when the store cannot be read now. */
  delivery({ delivery }: Forward): Outbound | null | undefined {
    return this.#tryRead(() => {
      const stored = this.#store.get(delivery);
      if (stored === undefined) return null;
      const { receivedAt, headers, body, events } = stored;
      return { delivery, receivedAt, headers, body, events };
    });
  }

  #tryRead<Result>(read: () => Result): Result | null | undefined {
    try {
      const result = read();
      this.#notified = false;
      return result;
    } catch (error) {
      if (error instanceof UsageError && error.code === "store.malformed") {
        this.#notify(`not forwarded: ${error.message}`);
        return null;
      }
      if (!this.#notified) this.#notify(`pending forwards cannot be read: ${reasonOf(error)}`);
      this.#notified = true;
      return undefined;
    }
  }
}
