/** The contract of a tunnel: a public URL whose requests arrive at a local port. Adding a provider is one file. */

export interface TunnelOptions {
  /** The local listener's. */
  port: number;
  /** The local listener's, `127.0.0.1` when absent. */
  host?: string;
  /** The public name to ask for, `fox-able.ngrok-free.dev`, where the provider lets one choose. */
  domain?: string;
  /** Gives up the opening; a tunnel that is open is ended by `close`. */
  signal?: AbortSignal;
  /** How long one step of the opening may take. */
  timeoutMs?: number;
}

export type TunnelEvent =
  /** It is back after an outage; `changed` when the URL is another one. */
  | { type: "up"; url: string; changed: boolean }
  /** It is away; told once more when the attempts to come back fail, then with the time until the next one. */
  | { type: "down"; reason: string; retryMs?: number }
  /** It will not come back by itself. */
  | { type: "ended"; reason: string; hint?: string };

type TunnelProvider = "ngrok" | "cloudflared" | "public-url";

export interface Tunnel extends AsyncDisposable {
  readonly provider: TunnelProvider;
  /** `https://fox-able.ngrok-free.dev`, without a path. */
  readonly url: string;
  /** What a person should know although the tunnel is open, a line each. */
  readonly notes: readonly string[];
  /** Everything that happens, for the first reader from the opening on, for others from the call on; ends when the tunnel is closed, or after `ended`. */
  events(): AsyncIterableIterator<TunnelEvent>;
  /** Never throws, and never takes longer than about two seconds. */
  close(): Promise<void>;
}
