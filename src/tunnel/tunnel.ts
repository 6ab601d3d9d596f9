/** The contract of a tunnel: a public URL that forwards requests to a local port. Adding a provider takes one file. */

export interface TunnelOptions {
  /** Port of the local listener. */
  port: number;
  /** Host of the local listener; `127.0.0.1` when absent. */
  host?: string;
  /** The public domain to request, `fox-able.ngrok-free.dev`, if the provider supports it. */
  domain?: string;
  /** Aborts the opening. An open tunnel is closed with `close`. */
  signal?: AbortSignal;
  /** Time limit for each step of the opening. */
  timeoutMs?: number;
}

export type TunnelEvent =
  /** Connected again after an outage; `changed` when the URL is a different one. */
  | { type: "connected"; url: string; changed: boolean }
  /** The connection was lost; it reconnects. */
  | { type: "disconnected"; reason: string }
  /** An attempt to reconnect failed; the next one follows in `retryMs`. Emitted once per reason. */
  | { type: "reconnecting"; reason: string; retryMs: number }
  /** Closed by the provider, or not recoverable. */
  | { type: "closed"; reason: string; hint?: string };

type TunnelProvider = "ngrok" | "cloudflared" | "public-url";

export interface Tunnel extends AsyncDisposable {
  readonly provider: TunnelProvider;
  /** `https://fox-able.ngrok-free.dev`, without a path. */
  readonly url: string;
  /** Warnings about an open tunnel, one line each. */
  readonly notes: readonly string[];
  /** The first reader gets all events since the opening, other readers those after their call. Ends when the tunnel closes. */
  events(): AsyncIterableIterator<TunnelEvent>;
  /** Never throws, and finishes within about two seconds. */
  close(): Promise<void>;
}
