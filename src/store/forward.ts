/** A forward: one delivery on its way to one app, with the result of the latest attempt. */

export type ForwardState = "pending" | "delivered" | "failed";

export interface Forward {
  /** Unique in its store. */
  id: string;
  /** The id of the delivery. */
  delivery: string;
  /** The endpoint of the app. */
  to: string;
  state: ForwardState;
  /** Attempts so far. */
  attempts: number;
  /** The latest attempt, in milliseconds since 1970; missing before the first one. */
  at?: number;
  /** The app's HTTP status; missing when there was no response. */
  status?: number;
  /** Time until the response or the failure of the latest attempt, in milliseconds. */
  ms?: number;
  /** The beginning of the response body, if the status was not 200. */
  response?: string;
  /** When the next attempt is due, in milliseconds since 1970. */
  nextAt?: number;
}

/** What an attempt changes. */
export type ForwardResult = Omit<Forward, "delivery" | "to">;

/** Limits a read of pending forwards, which is oldest first. */
export interface PendingRange {
  to: string;
  /** Only those after this id. */
  after?: string;
  limit: number;
}
