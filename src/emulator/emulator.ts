/** The interface of a running emulator, used by tests through the library and by the `/_wa-hook` routes. */
import type { ActionResult, CustomerAction } from "./customer-action.ts";
import type { EmulatedRequest, EmulatorEvent, ReceivedMessage } from "./event.ts";
import type { Account, Failure, Sender, StatusDelays, TokenName } from "./options.ts";
import type { PlayedStory } from "./stories/story.ts";
import type { Template, TemplateChange } from "./templates/template.ts";

/** Another app that is subscribed to the account. Its webhooks are signed with its own secret. */
export interface OtherApp {
  id: string;
  name: string;
  secret: string;
  /** Its callback URL. */
  webhook?: string;
}

/** How the emulator behaves, which can change while it runs. */
export interface Conduct {
  statuses: StatusDelays;
  /** The injected failures that are active. */
  failures: readonly Failure[];
  /** The delay of every response. */
  latencyMs: number;
}

/** What to change of how the emulator responds; missing parts stay. */
export interface ConductChange {
  /** The delays of messages that are accepted from now on. */
  statuses?: Partial<StatusDelays>;
  latencyMs?: number;
  clearFailures?: boolean;
  /** Opens or closes the 24-hour windows of all customers. */
  window?: "open" | "closed";
}

/** A running emulator of Meta's Graph API. It stops with `close()`, or at the end of the block with `await using`. */
export interface Emulator extends AsyncDisposable {
  /** `http://127.0.0.1:4300`, for `GRAPH_API_URL`. */
  readonly url: string;
  readonly port: number;
  readonly account: Account;
  /** Settings that point the other commands, and an app, at this emulator. */
  readonly env: Record<string, string>;
  /** One access token per state. */
  readonly tokens: Readonly<Record<TokenName, string>>;
  /** The latest 1000 Graph API requests; fewer when their bodies exceed 4 MB. */
  readonly requests: readonly EmulatedRequest[];
  /** The latest 1000 messages of customers; fewer when they exceed 4 MB. */
  readonly received: readonly ReceivedMessage[];
  /** The time on the emulator's clock, in milliseconds since 1970. */
  now(): number;
  readonly conduct: Conduct;
  /** Changes what is given. Throws a `UsageError` for an invalid value. */
  change(change: ConductChange): void;
  /** An uploaded or received file; undefined when there is none with this id, or no longer. */
  media(id: string): { mime: string; bytes: Uint8Array } | undefined;
  /** The template with this name in this language, whatever its status. */
  template(name: string, language: string): Template | undefined;
  /** When the 24-hour window of a number or a business-scoped user id closes; undefined when it was never opened. */
  windowEnds(customer: string): number | undefined;
  /**
   * Events emitted from the call on, in order, until the emulator is closed. A reader with more than 10 000 unread events loses the
   * oldest.
   */
  events(): AsyncIterableIterator<EmulatorEvent>;
  /**
   * Sends a message from a customer to the business: a text, or a message in Meta's format, such as
   * `{ type: "image", image: { caption: "…" } }`, for which a media file is generated. Opens the 24-hour window. Resolves with the id
   * of the message and the customer's user id. Rejects with a `UsageError` for a message that a customer cannot send.
   */
  receive(message: string | object, from?: Sender): Promise<{ id: string; userId: string }>;
  /**
   * Makes known what a delivery names that somebody else sends to the app, such as `replay`: its messages can be marked as read, its
   * files downloaded, and its phone number can send. Parts of unexpected shape are ignored.
   */
  adopt(payload: unknown): void;
  /**
   * Plays what a customer does besides sending messages, such as `{ action: "call" }`. Resolves with the id of a new call or message, or
   * with the screen of a Flow and its data. Rejects with a `UsageError` when it is impossible, and with a `CheckFailedError` when the
   * endpoint of a Flow does not respond as documented.
   */
  act(action: CustomerAction): Promise<ActionResult>;
  /** A code of embedded signup, as Meta gives it to the page; the app exchanges it for a token within 10 minutes. */
  signupCode(): { code: string; expires_in: number };
  /** Queues the webhooks of a story, such as `coexistence` or `calling`. Throws a `UsageError` for an unknown one. */
  play(story: string): PlayedStory;
  /**
   * Subscribes another app to the account, with a generated id and secret, and to the fields that the own app has at first. Throws a
   * `UsageError` when there are 20 apps, or when the URL is not allowed.
   */
  addApp(webhook: string | URL): OtherApp;
  /** The apps other than the account's own. */
  readonly otherApps: readonly OtherApp[];
  /** Makes requests fail from now on. Throws a `UsageError` when the failure is invalid or 100 failures are active. */
  fail(failure: Failure): void;
  /** Advances the clock: due statuses and retries are sent, reviews of templates end, windows close, tokens and media URLs expire. */
  advance(ms: number): void;
  /**
   * Changes the status, the quality or the category of a template as Meta does, and announces it to apps that subscribe to the field.
   * Throws a `UsageError` when there is no such template or the change is invalid.
   */
  changeTemplate(name: string, change: TemplateChange): void;
  /** Resolves when all statuses are sent and every webhook has a response or waits for a later retry. */
  settled(): Promise<void>;
  /**
   * Restores the initial state: same account, no messages, no requests. With a `seed`, message ids repeat, which an app takes for
   * duplicates.
   */
  reset(): void;
  close(): Promise<void>;
}
