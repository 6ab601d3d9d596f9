/** An event stream with any number of readers, built on `node:events`. */
import { EventEmitter, on } from "node:events";

/** Delivers each event to every reader. A reader sees the events emitted after its `events()` call. */
export class Broadcast<Event> {
  // A reader is a listener, and any number of readers is fine: no MaxListenersExceededWarning.
  readonly #emitter = new EventEmitter().setMaxListeners(0);
  readonly #maxUnread: number;
  #ended = false;

  /** A reader with more than `maxUnread` unread events loses the oldest. */
  constructor(maxUnread = Infinity) {
    this.#maxUnread = maxUnread;
  }

  /** Whether there is a reader. An event that is costly to build can be skipped without one. */
  get observed(): boolean {
    return this.#emitter.listenerCount("event") > 0;
  }

  /** Events are buffered from this call on, until they are read or the reader stops. */
  events(): AsyncIterableIterator<Event> {
    const emitter = this.#emitter;
    const emitted = on(emitter, "event", { close: ["end"] });
    // Negative while reads are pending.
    let unread = 0;
    const limit = () => {
      if (++unread <= this.#maxUnread) return;
      unread--;
      // The iterator yields the oldest event first, so reading one and ignoring it drops it.
      void emitted.next();
    };
    if (this.#ended) void emitted.return?.();
    else emitter.on("event", limit);
    // Not an async generator: its `return()` would wait for a pending `next()`, and it would subscribe only at the first `next()`.
    return {
      async next() {
        unread--;
        const { done, value } = await emitted.next();
        return done === true ? { done, value: undefined } : { done: false, value: (value as [Event])[0] };
      },
      async return() {
        emitter.off("event", limit);
        await emitted.return?.();
        return { done: true, value: undefined };
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }

  emit(event: Event): void {
    this.#emitter.emit("event", event);
  }

  /** Ends every reader once it has read what was emitted before. */
  end(): void {
    this.#ended = true;
    this.#emitter.emit("end");
    this.#emitter.removeAllListeners();
  }

  /** Like `end`, except that the readers throw the error at the end. */
  fail(error: unknown): void {
    this.#ended = true;
    // An EventEmitter throws an "error" event that has no listener.
    if (this.observed) this.#emitter.emit("error", error);
    this.#emitter.removeAllListeners();
  }
}
