/** What ngrok's tunnel can be told. */
import type { TunnelOptions } from "../tunnel.ts";

export interface NgrokOptions extends TunnelOptions {
  authtoken: string;
  /** Another address of the service, `host:port`. */
  connectUrl?: string;
  /** The certificates to trust instead of ngrok's own, as PEM text; or `host` for those that this system trusts. */
  connectCas?: string;
  /** Of wa-hook. */
  clientVersion?: string;
  /** For tests. */
  timing?: Partial<NgrokTiming>;
}

export interface NgrokTiming {
  /** Between two heartbeats. */
  heartbeatS: number;
  /** After so long without one the session is lost. */
  silenceMs: number;
  /** Before the second attempt to come back; later ones wait longer, up to `maxRetryMs`. */
  retryMs: number;
  maxRetryMs: number;
  /** At the start another agent may be about to let go of the URL for so long, and after an outage our own lost session. */
  startTakeoverMs: number;
  takeoverMs: number;
}
