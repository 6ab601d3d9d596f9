/** What every tunnel does alike: it tells its readers what happens. */
import { Queue } from "../queue.ts";
import type { TunnelEvent } from "./tunnel.ts";

export class Telling {
  readonly #readers = new Set<Queue<TunnelEvent>>();
  #ended = false;

  events(): AsyncIterableIterator<TunnelEvent> {
    const reader = new Queue<TunnelEvent>();
    if (this.#ended) reader.end();
    else this.#readers.add(reader);
    return reader;
  }

  tell(event: TunnelEvent): void {
    for (const reader of this.#readers) reader.add(event);
    if (event.type === "ended") this.end();
  }

  end(): void {
    this.#ended = true;
    for (const reader of this.#readers) reader.end();
    this.#readers.clear();
  }
}
