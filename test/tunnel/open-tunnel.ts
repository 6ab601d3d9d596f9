/** Set-up shared by the ngrok tests: the real SDK against a local peer, with the events of the tunnel recorded. */
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

import { onTestFinished } from "vitest";

import { openNgrok, type NgrokOptions } from "../../src/tunnel/ngrok/ngrok.ts";
import type { Tunnel, TunnelEvent } from "../../src/tunnel/tunnel.ts";
import { startNgrokPeer, type NgrokPeer, type NgrokPeerOptions } from "../support/ngrok-peer/peer.ts";

export const TOKEN = "fake-authtoken-for-tests";

export function openNgrokAt(peer: NgrokPeer, options: Partial<NgrokOptions> = {}): Promise<Tunnel> {
  const { address: connectUrl, ca: connectCas } = peer;
  return openNgrok({ port: 9, authtoken: TOKEN, connectUrl, connectCas, clientVersion: "0.1.0", ...options });
}

/** A tunnel and the events it has emitted so far. */
export class RecordedTunnel {
  readonly tunnel: Tunnel;
  readonly events: TunnelEvent[] = [];
  readonly #changed = new EventTarget();
  readonly ended: Promise<void>;

  constructor(tunnel: Tunnel) {
    this.tunnel = tunnel;
    this.ended = this.#record();
  }

  async #record(): Promise<void> {
    for await (const event of this.tunnel.events()) {
      this.events.push(event);
      this.#changed.dispatchEvent(new Event("change"));
    }
  }

  /** Resolves with the last event of the type, as soon as there is one. */
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

/** Starts what a test needs and stops it afterwards. Concurrent tests pass their own `onTestFinished`. */
export function setup(finished: typeof onTestFinished) {
  return {
    async startPeer(options: NgrokPeerOptions = {}): Promise<NgrokPeer> {
      const peer = await startNgrokPeer(options);
      finished(() => peer.close());
      return peer;
    },

    async openTunnel(peer: NgrokPeer, options: Partial<NgrokOptions> = {}): Promise<RecordedTunnel> {
      const tunnel = await openNgrokAt(peer, options);
      finished(() => tunnel.close());
      return new RecordedTunnel(tunnel);
    },

    /** A server that responds with the body of the request. */
    async startEcho(): Promise<App> {
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

export const { startPeer, openTunnel, startEcho } = setup(onTestFinished);

/** Resolves when a request reaches the echo server, with the milliseconds since the call. */
export async function untilReachable(url: string): Promise<number> {
  const started = performance.now();
  for (;;) {
    const response = await fetch(url, { signal: AbortSignal.timeout(1000) }).catch(() => undefined);
    await response?.arrayBuffer();
    if (response?.headers.get("x-app") === "echo") return performance.now() - started;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
