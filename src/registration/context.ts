/** The context of registering and restoring. */
import type { Callback } from "../graph/subscriptions.ts";
import type { Journal } from "./journal.ts";
import type { Pace } from "./retry.ts";
import type { Target } from "./target.ts";

export interface Context {
  target: Target;
  /** The base URL of the Graph API. */
  graphUrl: string;
  /** Sent to each callback in the handshake. */
  verifyToken: string;
  journal: Journal;
  /** The pauses between retries. */
  pace?: Pace;
}

export function callbackOf({ verifyToken }: Context, url: string): Callback;
export function callbackOf({ verifyToken }: Context, url: string | undefined): Callback | undefined;
export function callbackOf({ verifyToken }: Context, url: string | undefined): Callback | undefined {
  return url === undefined ? undefined : { url, verifyToken };
}
