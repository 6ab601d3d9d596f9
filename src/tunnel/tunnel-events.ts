/** Event stream shared by all tunnel providers. */
import { Broadcast } from "../events.ts";
import type { TunnelEvent } from "./tunnel.ts";

export class TunnelEvents extends Broadcast<TunnelEvent> {
  /** Buffers for the first reader: a tunnel can be lost between its opening and the reader's `events()` call. */
  #first: AsyncIterableIterator<TunnelEvent> | undefined = super.events();

  override events(): AsyncIterableIterator<TunnelEvent> {
    const first = this.#first;
    this.#first = undefined;
    return first ?? super.events();
  }

  /** A tunnel that has closed emits nothing more. */
  override emit(event: TunnelEvent): void {
    super.emit(event);
    if (event.type === "closed") this.end();
  }
}
