/** Two listeners on one store that forward to the same app would each forward every delivery, so the second one does not start. */
import { UnavailableError } from "../errors.ts";
import type { Store } from "../store/store.ts";

export class Reservations implements Disposable {
  readonly #reserved: Disposable[] = [];

  /** Throws an `UnavailableError` when another listener forwards from this store to one of the endpoints. */
  async reserve(store: Store, endpoints: readonly string[]): Promise<void> {
    if (store.reserve === undefined) return;
    for (const to of endpoints) {
      const reserved = await store.reserve(to);
      if (reserved === undefined) throw alreadyReserved(to);
      this.#reserved.push(reserved);
    }
  }

  [Symbol.dispose](): void {
    for (const reserved of this.#reserved.splice(0)) reserved[Symbol.dispose]();
  }
}

function alreadyReserved(to: string): UnavailableError {
  return new UnavailableError(`another wa-hook listen already forwards the deliveries of this store to ${to}`, {
    code: "listen.forwarded-twice",
    hint: "stop that one, or set another file with --store",
  });
}
