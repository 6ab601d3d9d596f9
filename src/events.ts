/** An event stream with any number of readers. */

/** Delivers each event to every reader. A reader sees the events emitted after its `events()` call. */
export class Broadcast<Event> {
  readonly #readers = new Set<Reader<Event>>();
  readonly #maxUnread: number;
  #hasEnded = false;

  /** A reader with more than `maxUnread` unread events loses the oldest. */
  constructor(maxUnread = Infinity) {
    this.#maxUnread = maxUnread;
  }

  /** Whether there is a reader. An event that is costly to build can be skipped without one. */
  get observed(): boolean {
    return this.#readers.size > 0;
  }

  /** Events are buffered from this call on, until they are read or the reader stops. */
  events(): AsyncIterableIterator<Event> {
    const reader = new Reader<Event>(this.#maxUnread, () => this.#readers.delete(reader));
    if (this.#hasEnded) reader.end();
    else this.#readers.add(reader);
    return reader;
  }

  emit(event: Event): void {
    for (const reader of this.#readers) reader.push(event);
  }

  /** Ends every reader once it has read what was emitted before. */
  end(): void {
    this.#endWith();
  }

  /** Like `end`, except that the readers throw the error at the end. */
  fail(error: unknown): void {
    this.#endWith({ error });
  }

  #endWith(failure?: Failure): void {
    this.#hasEnded = true;
    for (const reader of this.#readers) reader.end(failure);
    this.#readers.clear();
  }
}

/** Events that were read and are still held, at most. */
const FORGOTTEN_AT_ONCE = 1024;

interface Failure {
  error: unknown;
}

const END = { done: true, value: undefined } as const;

/**
 * Not an async generator, whose `return()` would wait for a pending `next()`, nor `on` of `node:events`, which takes several times as
 * long: each event of a listener passes several readers.
 */
class Reader<Event> implements AsyncIterableIterator<Event> {
  readonly #maxUnread: number;
  readonly #stop: () => void;
  /** What was emitted and not read, from `#first` on. */
  #unread: Event[] = [];
  #first = 0;
  /** Reads that wait for an event. */
  #waiting: ((result: IteratorResult<Event> | Promise<typeof END>) => void)[] = [];
  #hasEnded = false;
  /** Thrown once, after the last event. */
  #failure: Failure | undefined;

  constructor(maxUnread: number, stop: () => void) {
    this.#maxUnread = maxUnread;
    this.#stop = stop;
  }

  push(event: Event): void {
    const resolve = this.#waiting.shift();
    if (resolve !== undefined) resolve({ done: false, value: event });
    else if (this.#unread.push(event) - this.#first > this.#maxUnread) this.#take();
  }

  end(failure?: Failure): void {
    this.#hasEnded = true;
    this.#failure = failure;
    for (const resolve of this.#waiting.splice(0)) resolve(this.#last());
  }

  next(): Promise<IteratorResult<Event>> {
    if (this.#first < this.#unread.length) return Promise.resolve({ done: false, value: this.#take() });
    return this.#hasEnded ? this.#last() : new Promise((resolve) => void this.#waiting.push(resolve));
  }

  async #last(): Promise<typeof END> {
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure !== undefined) throw failure.error;
    return END;
  }

  #take(): Event {
    const event = this.#unread[this.#first++] as Event;
    // What was read goes in large pieces: moving the rest for each event would take longer than reading it.
    if (this.#first === this.#unread.length || this.#first >= FORGOTTEN_AT_ONCE) {
      this.#unread.splice(0, this.#first);
      this.#first = 0;
    }
    return event;
  }

  async return(): Promise<IteratorResult<Event>> {
    this.#stop();
    this.#unread = [];
    this.#first = 0;
    this.end();
    return END;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
