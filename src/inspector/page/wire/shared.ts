/** A value that several parts of the page show. */
import { useEffect, useReducer } from "preact/hooks";

export class Shared<Value> {
  #value: Value;
  readonly #readers = new Set<() => void>();

  constructor(value: Value) {
    this.#value = value;
  }

  get value(): Value {
    return this.#value;
  }

  set value(value: Value) {
    if (Object.is(value, this.#value)) return;
    this.#value = value;
    for (const changed of this.#readers) changed();
  }

  subscribe(changed: () => void): () => void {
    this.#readers.add(changed);
    return () => void this.#readers.delete(changed);
  }
}

/** The value, and the component is rendered again when it changes. */
export function useShared<Value>(shared: Shared<Value>): Value {
  const [, changed] = useReducer((count: number) => count + 1, 0);
  const { value } = shared;
  useEffect(() => {
    // It can have changed between rendering and now.
    if (!Object.is(shared.value, value)) changed(undefined);
    return shared.subscribe(() => changed(undefined));
  }, [shared]);
  return value;
}
