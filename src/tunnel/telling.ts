/** What every tunnel does alike: it tells its readers what happens. */
import { Queue } from "../queue.ts";
import type { TunnelEvent } from "./tunnel.ts";

export class Telling {
  readonly #readers = new Set<Queue<TunnelEvent>>();
  /** Kept for the first reader: between the opening and the first look, a tunnel may be lost already. */
  #unread: Queue<TunnelEvent> | undefined = new Queue<TunnelEvent>();
  #ended = false;

  events(): AsyncIterableIterator<TunnelEvent> {
    const reader = this.#unread ?? new Queue<TunnelEvent>();
    this.#unread = undefined;
    if (this.#ended) reader.end();
    else this.#readers.add(reader);
    return reader;
  }

  tell(event: TunnelEvent): void {
    this.#unread?.add(event);
    for (const reader of this.#readers) reader.add(event);
    if (event.type === "ended") this.end();
  }

  end(): void {
    this.#ended = true;
    this.#unread?.end();
    for (const reader of this.#readers) reader.end();
    this.#readers.clear();
  }
}
