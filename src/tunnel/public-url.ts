/** A tunnel or reverse proxy of the user's own: its URL is known, and there is nothing to start or stop. */
import { TunnelEvents } from "./tunnel-events.ts";
import type { Tunnel, TunnelEvent } from "./tunnel.ts";

class PublicUrl implements Tunnel {
  readonly provider = "public-url";
  readonly url: string;
  readonly notes: readonly string[] = [];
  readonly #events = new TunnelEvents();

  constructor({ origin }: URL) {
    this.url = origin;
  }

  events(): AsyncIterableIterator<TunnelEvent> {
    return this.#events.events();
  }

  close(): Promise<void> {
    this.#events.end();
    return Promise.resolve();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** Only the origin of the URL is used: the listener determines the path. */
export function openPublicUrl(url: URL): Tunnel {
  return new PublicUrl(url);
}
