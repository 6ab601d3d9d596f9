/** The handle of a running listener. */
import type { Store } from "../store/store.ts";
import type { ListenerEvent } from "./event.ts";
import type { ListenerState, ListenerSummary } from "./metrics.ts";

/** A running listener. It stops with `close()`, or at the end of the block with `await using`. */
export interface Listener extends AsyncDisposable {
  /** The endpoint: `http://127.0.0.1:8000/webhook`. */
  readonly url: string;
  readonly port: number;
  readonly store: Store;
  summary(): ListenerSummary;
  /** What is counted, and the state of forwarding, at this moment. */
  state(): ListenerState;
  /** The events from this call on, in order; ends when the listener is closed. */
  events(): AsyncIterableIterator<ListenerEvent>;
  /**
   * Forwards the last accepted delivery again, with the same bytes and headers; a `forwarded` event with `replayedAt` follows. Returns false
   * when there is no delivery yet, no app to forward to, or the listener is closed.
   */
  replayLast(): boolean;
  /** Stops accepting requests, finishes those in flight, and closes the store. */
  close(): Promise<ListenerSummary>;
  /** Cancels everything in flight, so that closing ends at once. */
  abort(): void;
}
