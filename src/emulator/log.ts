/** The request log and the event stream of an emulator, both bounded. */
import { reasonOf } from "../errors.ts";
import { Broadcast } from "../events.ts";
import type { EmulatedRequest, EmulatorEvent, ReceivedMessage } from "./event.ts";

const MAX_REQUESTS = 1000;
/** The limit for all logged requests, measured as received. */
const MAX_REQUEST_BYTES = 4 * 1024 * 1024;
/** A reader with more unread events loses the oldest. */
const MAX_UNREAD = 10_000;
const MAX_WARNINGS = 100;
/** The limits for the customers' messages. */
const MAX_RECEIVED = { messages: 1000, bytes: 4 * 1024 * 1024 };

interface Entry {
  /** Undefined once dropped. */
  request?: EmulatedRequest;
  size: number;
}

const DROPPED: Entry = { size: 0 };

export class Log {
  #entries: Entry[] = [];
  /** The index of the oldest entry that was not dropped. */
  #first = 0;
  #bytes = 0;
  readonly #broadcast = new Broadcast<EmulatorEvent>(MAX_UNREAD);
  readonly #warned = new Set<string>();
  #received: { message: ReceivedMessage; size: number }[] = [];
  #receivedBytes = 0;

  get requests(): readonly EmulatedRequest[] {
    return this.#entries.slice(this.#first).flatMap(({ request = [] }) => request);
  }

  /** The customers' latest messages, oldest first. */
  get received(): readonly ReceivedMessage[] {
    return this.#received.map(({ message }) => message);
  }

  /** `size`: the size of its webhook in bytes. */
  addReceived(message: ReceivedMessage, size: number): void {
    this.#received.push({ message, size });
    this.#receivedBytes += size;
    while (this.#received.length > MAX_RECEIVED.messages || this.#receivedBytes > MAX_RECEIVED.bytes) {
      this.#receivedBytes -= this.#received.shift()?.size ?? 0;
    }
  }

  /** `size`: the size of the request in bytes. */
  request(request: EmulatedRequest, size = 0): void {
    this.#entries.push({ request, size });
    this.#bytes += size;
    while (this.#entries.length - this.#first > MAX_REQUESTS || this.#bytes > MAX_REQUEST_BYTES) {
      this.#bytes -= this.#entries[this.#first]?.size ?? 0;
      this.#entries[this.#first++] = DROPPED;
    }
    // Compacting for every request would move 1000 entries each time and cost more than the request itself.
    if (this.#first >= MAX_REQUESTS) {
      this.#entries = this.#entries.slice(this.#first);
      this.#first = 0;
    }
    if (this.#broadcast.observed) this.emit({ type: "request", ...request });
  }

  emit(event: EmulatorEvent): void {
    this.#broadcast.emit(event);
  }

  /** Emits a warning about an internal error and returns its message. */
  reportBug(error: unknown, at: number): string {
    const message = `internal error in wa-hook, please report it: ${reasonOf(error)}`;
    this.emit({ type: "warning", at, message });
    return message;
  }

  /** Emits a warning unless the same one was emitted before. */
  warnOnce(message: string, at: number): void {
    if (this.#warned.has(message) || this.#warned.size >= MAX_WARNINGS) return;
    this.#warned.add(message);
    this.emit({ type: "warning", at, message });
  }

  events(): AsyncIterableIterator<EmulatorEvent> {
    return this.#broadcast.events();
  }

  /** Clears requests and warnings; readers stay subscribed. */
  clear(): void {
    this.#entries = [];
    this.#first = 0;
    this.#bytes = 0;
    this.#received = [];
    this.#receivedBytes = 0;
    this.#warned.clear();
  }

  end(): void {
    this.#broadcast.end();
  }
}
