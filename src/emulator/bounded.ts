/** A map that drops its oldest entries, for state that requests create. */
export class Bounded<Value> extends Map<string, Value> {
  readonly #max: number;
  /** Stands behind what was dropped, which a new iterator would have to pass again each time. */
  #oldest: IterableIterator<string> | undefined;

  constructor(max: number) {
    super();
    this.#max = max;
  }

  override set(key: string, value: Value): this {
    super.set(key, value);
    if (this.size > this.#max) this.#dropOldest();
    return this;
  }

  #dropOldest(): void {
    let { done, value } = (this.#oldest ??= this.keys()).next();
    // An iterator that has reached the end stays there.
    if (done === true) ({ done, value } = (this.#oldest = this.keys()).next());
    if (done !== true) this.delete(value as string);
  }
}
