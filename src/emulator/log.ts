/** What happened: the newest requests, and every event for those who listen. */
import { Queue } from "../queue.ts";
import type { EmulatedRequest, EmulatorEvent } from "./event.ts";

const KEPT = 1000;

export class Log {
  #requests: EmulatedRequest[] = [];
  readonly #readers = new Set<Queue<EmulatorEvent>>();
  readonly #said = new Set<string>();
  #ended = false;

  get requests(): readonly EmulatedRequest[] {
    return this.#requests.slice(-KEPT);
  }

  request(request: EmulatedRequest): void {
    this.#requests.push(request);
    // Not for each one more: moving a thousand entries for every request would cost more than the request.
    if (this.#requests.length >= 2 * KEPT) this.#requests = this.#requests.slice(-KEPT);
    if (this.#readers.size > 0) this.tell({ type: "request", ...request });
  }

  tell(event: EmulatorEvent): void {
    for (const reader of this.#readers) reader.add(event);
  }

  /** Tells something that need not be told again. */
  once(message: string, at: number): void {
    if (this.#said.has(message)) return;
    this.#said.add(message);
    this.tell({ type: "note", at, message });
  }

  events(): AsyncIterableIterator<EmulatorEvent> {
    const reader = new Reader((left) => this.#readers.delete(left));
    if (this.#ended) reader.end();
    else this.#readers.add(reader);
    return reader;
  }

  /** As if nothing had happened yet; those who listen go on listening. */
  clear(): void {
    this.#requests = [];
    this.#said.clear();
  }

  end(): void {
    this.#ended = true;
    for (const reader of this.#readers) reader.end();
    this.#readers.clear();
  }
}

/** Who stops listening is no longer told. */
class Reader extends Queue<EmulatorEvent> {
  readonly #left: (reader: Reader) => void;

  constructor(left: (reader: Reader) => void) {
    super();
    this.#left = left;
  }

  override return(): Promise<{ done: true; value: undefined }> {
    this.#left(this);
    return super.return();
  }
}
