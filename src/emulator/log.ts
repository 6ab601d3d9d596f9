/** What happened: the newest requests, and every event for those who listen. */
import { Telling } from "../queue.ts";
import type { EmulatedRequest, EmulatorEvent } from "./event.ts";

const KEPT = 1000;

export class Log {
  #requests: EmulatedRequest[] = [];
  readonly #telling = new Telling<EmulatorEvent>();
  readonly #said = new Set<string>();

  get requests(): readonly EmulatedRequest[] {
    return this.#requests.slice(-KEPT);
  }

  request(request: EmulatedRequest): void {
    this.#requests.push(request);
    // Not for each one more: moving a thousand entries for every request would cost more than the request.
    if (this.#requests.length >= 2 * KEPT) this.#requests = this.#requests.slice(-KEPT);
    if (this.#telling.heard) this.tell({ type: "request", ...request });
  }

  tell(event: EmulatorEvent): void {
    this.#telling.tell(event);
  }

  /** Tells something that need not be told again. */
  once(message: string, at: number): void {
    if (this.#said.has(message)) return;
    this.#said.add(message);
    this.tell({ type: "note", at, message });
  }

  events(): AsyncIterableIterator<EmulatorEvent> {
    return this.#telling.events();
  }

  /** As if nothing had happened yet; those who listen go on listening. */
  clear(): void {
    this.#requests = [];
    this.#said.clear();
  }

  end(): void {
    this.#telling.end();
  }
}
