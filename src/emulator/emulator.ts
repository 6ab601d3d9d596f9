/** What a started emulator offers: to tests through the library, and to its own control routes. */
import type { EmulatedRequest, EmulatorEvent } from "./event.ts";
import type { Account, Failure, TokenName } from "./options.ts";

export interface Emulator extends AsyncDisposable {
  /** `http://127.0.0.1:4300`, for `GRAPH_API_URL`. */
  readonly url: string;
  readonly port: number;
  readonly account: Account;
  /** The settings that lead every other command, and an app, to this emulator. */
  readonly env: Record<string, string>;
  /** An access token in each state. */
  readonly tokens: Readonly<Record<TokenName, string>>;
  /** The newest thousand requests to the Graph API, or fewer when their bodies have more than 4 MB. */
  readonly requests: readonly EmulatedRequest[];
  /**
   * Everything that happens from the call on, in order; ends when the emulator is closed. Who leaves more than 10 000 of them unread
   * loses the oldest.
   */
  events(): AsyncIterableIterator<EmulatorEvent>;
  /**
   * A customer writes: a text, or a message as Meta sends it, such as `{ type: "image", image: { caption: "…" } }`; a file is made
   * for it. Opens the 24-hour window. Rejects with a `UsageError` when it is nothing that a customer can send.
   */
  receive(message: string | object, from?: { number?: string; name?: string }): Promise<{ id: string }>;
  /** Answers requests with an error from now on. Throws a `UsageError` when the failure can never happen, or there are a hundred. */
  fail(failure: Failure): void;
  /** Moves the clock: statuses and retries come that were due by then, windows close, tokens and URLs expire. */
  advance(ms: number): void;
  /** Resolves when every status is out and every webhook has its answer, or waits for a later attempt. */
  settled(): Promise<void>;
  /** As freshly started: the same account, nothing sent, nothing received. */
  reset(): void;
  close(): Promise<void>;
}
