/** Somebody else's tunnel: a URL that is known to lead here, and nothing to start or to end. */
import { TunnelTelling } from "./tunnel-events.ts";
import type { Tunnel, TunnelEvent } from "./tunnel.ts";

class PublicUrl implements Tunnel {
  readonly provider = "public-url";
  readonly url: string;
  readonly notes: readonly string[] = [];
  readonly #telling = new TunnelTelling();

  constructor({ origin }: URL) {
    this.url = origin;
  }

  events(): AsyncIterableIterator<TunnelEvent> {
    return this.#telling.events();
  }

  close(): Promise<void> {
    this.#telling.end();
    return Promise.resolve();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** Of the URL only the origin counts: the path is the listener's. */
export function openPublicUrl(url: URL): Tunnel {
  return new PublicUrl(url);
}
