/** What happens to a callback at Meta. */
import type { Level } from "../graph/subscriptions.ts";

export type RegistrationEvent =
  | { type: "registered"; level: Level; url: string; previous?: string; subscribed?: true; lasting?: true }
  /** `handedOver` is another listener, which restores the rest at its end. */
  | { type: "restored"; level: Level; url?: string; unsubscribed?: true; late?: true; handedOver?: true }
  /** It stays in the record. */
  | { type: "not-restored"; level: Level; reason: string; hint?: string }
  /** What was replaced will not come back by itself. */
  | { type: "not-restorable"; level: Level; url: string; got: string; hint: string }
  /** Meta did not do it yet; it is tried again. */
  | { type: "retrying"; level: Level; reason: string; retryMs: number }
  /**
   * The callback that was replaced is another listener of ours, or ours was replaced; then `owed` is what stays in the record, and
   * without `known` it is not a listener of this user.
   */
  | { type: "other-listener"; url: string; replaced: "theirs" | "ours"; owed?: string; known?: true }
  /** Somebody has removed ours. */
  | { type: "removed"; level: Level }
  /** A person gave up what was there before. */
  | { type: "forgotten"; level: Level; url?: string; removed?: true }
  /** The app is not subscribed to the field `messages`, so that nothing comes at any level. */
  | { type: "no-messages" };
