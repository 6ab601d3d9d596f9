/** The events of registering and restoring a callback. */
import type { Level } from "../graph/subscriptions.ts";

export type RegistrationEvent =
  /** The callback is registered with Meta. `previous` is the URL that it replaced; `lasting` means that it stays after the exit. */
  | { type: "registered"; level: Level; url: string; previous?: string; subscribed?: true; lasting?: true }
  /** With `handedOver`, the URL belongs to another listener, which restores the rest when it exits. */
  | { type: "restored"; level: Level; url?: string; unsubscribed?: true; recovered?: true; handedOver?: true }
  /** The callback could not be restored; it stays in the record. */
  | { type: "not-restored"; level: Level; reason: string; hint?: string }
  /** The replaced callback fails its handshake, so that Meta would not accept it again. */
  | { type: "not-restorable"; level: Level; url: string; got: string; hint: string }
  /** Registration failed and is retried; the hint says what would help. */
  | { type: "retrying"; level: Level; reason: string; retryMs: number; hint?: string }
  /**
   * This listener replaced the callback of another listener (`theirs`), or its own callback was replaced (`ours`). In the second case,
   * `original` is the callback that stays in the record, and `known` means that the other listener belongs to the same user.
   */
  | { type: "other-listener"; url: string; replaced: "theirs" | "ours"; original?: string; known?: true }
  /** Someone else removed the callback of this listener. */
  | { type: "removed"; level: Level }
  /** The earlier callback was dropped from the record on request. */
  | { type: "forgotten"; level: Level; url?: string; removed?: true }
  /** The app is not subscribed to the field `messages`, so Meta sends no messages at any level. */
  | { type: "no-messages" };
