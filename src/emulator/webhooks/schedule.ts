/** A priority queue ordered by due time (a binary heap), so that thousands of queued items need only one timer. */

interface Entry<JsonObject> {
  due: number;
  /** Breaks ties: items with the same due time keep their insertion order. */
  order: number;
  item: JsonObject;
}

export class Schedule<JsonObject> {
  readonly #heap: Entry<JsonObject>[] = [];
  #added = 0;

  get size(): number {
    return this.#heap.length;
  }

  /** The due time of the first item. */
  get next(): number | undefined {
    return this.#heap[0]?.due;
  }

  add(item: JsonObject, due: number): void {
    const entry = { due, order: this.#added++, item };
    let at = this.#heap.length;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = this.#heap[parent] as Entry<JsonObject>;
      if (!before(entry, above)) break;
      this.#heap[at] = above;
      at = parent;
    }
    this.#heap[at] = entry;
  }

  /** Removes and returns the first item, due or not. */
  take(): JsonObject | undefined {
    const first = this.#heap[0];
    const last = this.#heap.pop();
    if (first === undefined || last === undefined) return undefined;
    if (first !== last) this.#sink(last);
    return first.item;
  }

  #sink(entry: Entry<JsonObject>): void {
    const { length } = this.#heap;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= length) break;
      const [left, right] = [this.#heap[child] as Entry<JsonObject>, this.#heap[child + 1]];
      if (right !== undefined && before(right, left)) child++;
      const below = this.#heap[child] as Entry<JsonObject>;
      if (!before(below, entry)) break;
      this.#heap[at] = below;
      at = child;
    }
    this.#heap[at] = entry;
  }
}

function before<JsonObject>(a: Entry<JsonObject>, b: Entry<JsonObject>): boolean {
  return a.due < b.due || (a.due === b.due && a.order < b.order);
}
