/** What registering and restoring need. */
import type { Callback } from "../graph/subscriptions.ts";
import type { Journal } from "./journal.ts";
import type { Pace } from "./retry.ts";
import type { Target } from "./target.ts";

export interface Context {
  target: Target;
  /** Where Meta is. */
  graphUrl: string;
  /** Shown to each callback in the handshake. */
  verifyToken: string;
  journal: Journal;
  /** How fast failed requests are repeated. */
  pace?: Pace;
}

export function callbackOf({ verifyToken }: Context, url: string): Callback;
export function callbackOf({ verifyToken }: Context, url: string | undefined): Callback | undefined;
export function callbackOf({ verifyToken }: Context, url: string | undefined): Callback | undefined {
  return url === undefined ? undefined : { url, verifyToken };
}
