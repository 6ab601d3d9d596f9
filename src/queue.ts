/** What one side adds whenever it likes and others take one by one, waiting while there is nothing. */

export class Queue<Item> implements AsyncIterableIterator<Item> {
  #items: Item[] = [];
  #taken = 0;
  #ended: { error?: unknown } | undefined;
  #wake: (() => void) | undefined;
  #read: (() => void) | undefined;
  readonly #left: () => void;
  readonly #most: number;

  /** `left` is called when the reader leaves early. Of more than `most` items that wait, the oldest are dropped. */
  constructor(left: () => void = () => {}, most = Infinity) {
    this.#left = left;
    this.#most = most;
  }

  /** After the end, nothing is added any more. */
  add(item: Item): void {
    if (this.#ended !== undefined) return;
    this.#items.push(item);
    if (this.#items.length - this.#taken > this.#most) this.#drop();
    this.#wake?.();
  }

  #drop(): void {
    this.#taken++;
    // Now and then, because moving all of them costs time; what was taken is let go with it.
    if (this.#taken < this.#most) return;
    this.#items = this.#items.slice(this.#taken);
    this.#taken = 0;
  }

  /** What was added before can still be taken; then the reader ends, or throws the error. */
  end(...error: [] | [unknown]): void {
    this.#ended ??= error.length === 0 ? {} : { error: error[0] };
    this.#wake?.();
  }

  /** How many were added and not yet taken. */
  get waiting(): number {
    return this.#items.length - this.#taken;
  }

  /** Resolves when everything that was added has been taken. */
  read(): Promise<void> {
    if (this.waiting === 0) return Promise.resolve();
    const earlier = this.#read;
    return new Promise((resolve) => {
      this.#read = () => {
        earlier?.();
        resolve();
      };
    });
  }

  async next(): Promise<IteratorResult<Item, undefined>> {
    while (this.#taken === this.#items.length) {
      this.#items = [];
      this.#taken = 0;
      this.#read?.();
      this.#read = undefined;
      if (this.#ended !== undefined) return this.#finish(this.#ended);
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    return { done: false, value: this.#items[this.#taken++] as Item };
  }

  #finish(ended: { error?: unknown }): { done: true; value: undefined } {
    if (!("error" in ended)) return { done: true, value: undefined };
    this.#ended = {};
    throw ended.error;
  }

  /** Called when a `for await` is left early: what comes later is not kept. */
  return(): Promise<{ done: true; value: undefined }> {
    this.#left();
    this.end();
    this.#items = [];
    this.#taken = 0;
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

/** Tells everything to each of its readers, from their call on. */
export class Telling<Event> {
  readonly #readers = new Set<Queue<Event>>();
  readonly #most: number;
  #ended = false;

  /** A reader that has more than `most` events to read loses the oldest. */
  constructor(most = Infinity) {
    this.#most = most;
  }

  /** Whether anybody listens. */
  get heard(): boolean {
    return this.#readers.size > 0;
  }

  events(): Queue<Event> {
    const reader = new Queue<Event>(() => this.#readers.delete(reader), this.#most);
    if (this.#ended) reader.end();
    else this.#readers.add(reader);
    return reader;
  }

  tell(event: Event): void {
    for (const reader of this.#readers) reader.add(event);
  }

  /** What was told before can still be read. */
  end(): void {
    this.#ended = true;
    for (const reader of this.#readers) reader.end();
    this.#readers.clear();
  }
}
