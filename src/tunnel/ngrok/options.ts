/** Options of the ngrok tunnel. */
import type { TunnelOptions } from "../tunnel.ts";

export interface NgrokOptions extends TunnelOptions {
  authtoken: string;
  /** Address of the service, `host:port`, when it is not ngrok's own. */
  connectUrl?: string;
  /** Trusted certificates of the service as PEM text instead of ngrok's own, or `host` for those that the system trusts. */
  connectCas?: string;
  /** Version of wa-hook. */
  clientVersion?: string;
  /** For tests. */
  timing?: Partial<NgrokTiming>;
}

export interface NgrokTiming {
  /** Interval of the heartbeats. */
  heartbeatS: number;
  /** After so long without a heartbeat, the connection counts as dead. */
  silenceMs: number;
  /** Delay before the second attempt to connect; the delays grow up to `maxRetryMs`. */
  retryMs: number;
  maxRetryMs: number;
  /** How long to wait at the start for another agent to release the URL. */
  startTakeoverMs: number;
  /** How long to wait after an outage for the lost session to release the URL. */
  takeoverMs: number;
}

export const TIMING: NgrokTiming = {
  heartbeatS: 5,
  silenceMs: 12_000,
  retryMs: 500,
  maxRetryMs: 30_000,
  startTakeoverMs: 5000,
  takeoverMs: 120_000,
};
