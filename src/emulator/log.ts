/** What happened: the newest requests, and every event for those who listen. */
import { reasonOf } from "../errors.ts";
import { Broadcast } from "../events.ts";
import type { EmulatedRequest, EmulatorEvent } from "./event.ts";

const KEPT = 1000;
/** Of the requests that are kept, as they came over the wire. */
const KEPT_BYTES = 4 * 1024 * 1024;
/** Who is so far behind loses the oldest events. */
const MAX_UNREAD = 10_000;
const MAX_SAID = 100;

interface Kept {
  /** Nothing when it was dropped. */
  request?: EmulatedRequest;
  weight: number;
}

const DROPPED: Kept = { weight: 0 };

export class Log {
  #kept: Kept[] = [];
  /** Where those begin that were not dropped. */
  #first = 0;
  #bytes = 0;
  readonly #broadcast = new Broadcast<EmulatorEvent>(MAX_UNREAD);
  readonly #said = new Set<string>();

  get requests(): readonly EmulatedRequest[] {
    return this.#kept.slice(this.#first).flatMap(({ request = [] }) => request);
  }

  /** `weight`: how large it was, in bytes. */
  request(request: EmulatedRequest, weight = 0): void {
    this.#kept.push({ request, weight });
    this.#bytes += weight;
    while (this.#kept.length - this.#first > KEPT || this.#bytes > KEPT_BYTES) {
      this.#bytes -= this.#kept[this.#first]?.weight ?? 0;
      this.#kept[this.#first++] = DROPPED;
    }
    // Not for each one more: moving a thousand entries for every request would cost more than the request.
    if (this.#first >= KEPT) {
      this.#kept = this.#kept.slice(this.#first);
      this.#first = 0;
    }
    if (this.#broadcast.observed) this.tell({ type: "request", ...request });
  }

  tell(event: EmulatorEvent): void {
    this.#broadcast.emit(event);
  }

  /** Reports an error that nobody has caused but wa-hook; what it says in a sentence. */
  bug(error: unknown, at: number): string {
    const message = `a bug in wa-hook, please report it: ${reasonOf(error)}`;
    this.tell({ type: "note", at, message });
    return message;
  }

  /** Tells something that need not be told again. */
  once(message: string, at: number): void {
    if (this.#said.has(message) || this.#said.size >= MAX_SAID) return;
    this.#said.add(message);
    this.tell({ type: "note", at, message });
  }

  events(): AsyncIterableIterator<EmulatorEvent> {
    return this.#broadcast.events();
  }

  /** As if nothing had happened yet; those who listen go on listening. */
  clear(): void {
    this.#kept = [];
    this.#first = 0;
    this.#bytes = 0;
    this.#said.clear();
  }

  end(): void {
    this.#broadcast.end();
  }
}
