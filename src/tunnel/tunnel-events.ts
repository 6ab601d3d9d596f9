/** What every tunnel does alike: it tells its readers what happens. */
import { Telling, type Queue } from "../queue.ts";
import type { TunnelEvent } from "./tunnel.ts";

export class TunnelTelling extends Telling<TunnelEvent> {
  /** Who comes first is told everything: between the opening and the first look, a tunnel may be lost already. */
  #first: Queue<TunnelEvent> | undefined = super.events();

  override events(): Queue<TunnelEvent> {
    const first = this.#first;
    this.#first = undefined;
    return first ?? super.events();
  }

  override tell(event: TunnelEvent): void {
    super.tell(event);
    if (event.type === "ended") this.end();
  }
}
