/** What one side adds whenever it likes and the other takes one by one, waiting while there is nothing. */

export class Queue<Item> implements AsyncIterableIterator<Item> {
  #items: Item[] = [];
  #taken = 0;
  #ended: { error?: unknown } | undefined;
  #wake: (() => void) | undefined;

  /** After the end, nothing is added any more. */
  add(item: Item): void {
    if (this.#ended !== undefined) return;
    this.#items.push(item);
    this.#wake?.();
  }

  /** What was added before can still be taken; then the reader ends, or throws the error. */
  end(...error: [] | [unknown]): void {
    this.#ended ??= error.length === 0 ? {} : { error: error[0] };
    this.#wake?.();
  }

  async next(): Promise<IteratorResult<Item, undefined>> {
    while (this.#taken === this.#items.length) {
      this.#items = [];
      this.#taken = 0;
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
    this.end();
    this.#items = [];
    this.#taken = 0;
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
