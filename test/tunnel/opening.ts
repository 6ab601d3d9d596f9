/** A tunnel of ngrok's real SDK to a local peer, and everything that it tells. */
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

import { onTestFinished } from "vitest";

import { openNgrok, type NgrokOptions } from "../../src/tunnel/ngrok/ngrok.ts";
import type { Tunnel, TunnelEvent } from "../../src/tunnel/tunnel.ts";
import { startNgrokPeer, type NgrokPeer, type NgrokPeerOptions } from "../support/ngrok-peer/peer.ts";

export const TOKEN = "fake-authtoken-for-tests";

export function opening(peer: NgrokPeer, options: Partial<NgrokOptions> = {}): Promise<Tunnel> {
  const { address: connectUrl, ca: connectCas } = peer;
  return openNgrok({ port: 9, authtoken: TOKEN, connectUrl, connectCas, clientVersion: "0.1.0", ...options });
}

export class Watched {
  readonly tunnel: Tunnel;
  readonly events: TunnelEvent[] = [];
  readonly #changed = new EventTarget();
  readonly ended: Promise<void>;

  constructor(tunnel: Tunnel) {
    this.tunnel = tunnel;
    this.ended = this.#watch();
  }

  async #watch(): Promise<void> {
    for await (const event of this.tunnel.events()) {
      this.events.push(event);
      this.#changed.dispatchEvent(new Event("change"));
    }
  }

  /** Resolves as soon as there was such an event, with the last one. */
  async until<Type extends TunnelEvent["type"]>(type: Type): Promise<Extract<TunnelEvent, { type: Type }>> {
    for (;;) {
      const event = this.events.findLast((event) => event.type === type);
      if (event !== undefined) return event as Extract<TunnelEvent, { type: Type }>;
      await new Promise((resolve) => this.#changed.addEventListener("change", resolve, { once: true }));
    }
  }
}

export interface App {
  port: number;
  requests: { method: string; url: string; headers: IncomingMessage["headers"]; body: Buffer }[];
}

/** What a test starts, and what ends with it. Tests that run at the same time have to say which they are. */
export function setUp(finished: typeof onTestFinished) {
  return {
    async peered(options: NgrokPeerOptions = {}): Promise<NgrokPeer> {
      const peer = await startNgrokPeer(options);
      finished(() => peer.close());
      return peer;
    },

    async opened(peer: NgrokPeer, options: Partial<NgrokOptions> = {}): Promise<Watched> {
      const tunnel = await opening(peer, options);
      finished(() => tunnel.close());
      return new Watched(tunnel);
    },

    /** Answers with what it was sent. */
    async echo(): Promise<App> {
      const requests: App["requests"] = [];
      const server = createServer((request, response) => {
        void buffer(request).then((body) => {
          const { method = "", url = "", headers } = request;
          requests.push({ method, url, headers, body });
          response.writeHead(200, { "content-type": "application/octet-stream", "x-app": "echo" }).end(body);
        });
      }).listen(0, "127.0.0.1");
      await new Promise((resolve) => server.once("listening", resolve));
      finished(() => {
        server.close();
        server.closeAllConnections();
      });
      return { port: (server.address() as AddressInfo).port, requests };
    },
  };
}

export const { peered, opened, echo } = setUp(onTestFinished);

/** Resolves when a request comes through, with the milliseconds that it took until then. */
export async function untilFlowing(url: string): Promise<number> {
  const started = performance.now();
  for (;;) {
    const answer = await fetch(url, { signal: AbortSignal.timeout(1000) }).catch(() => undefined);
    await answer?.arrayBuffer();
    if (answer?.headers.get("x-app") === "echo") return performance.now() - started;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
