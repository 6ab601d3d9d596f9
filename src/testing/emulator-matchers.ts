/** The matchers as `expect(emulator)` of each runner has them. */
import type { ExpectedMessage, ExpectedTarget, ExpectedText, Within } from "./expected.ts";

/**
 * What `expect(emulator)` can judge. The first ones judge what the app sent until now, those named `toEventually…` wait: they resolve as
 * soon as an answer fits, and reject after `within` milliseconds. Negated, they wait for all of that time. Requests that the emulator
 * refused count as not sent; a failure lists them.
 */
export interface EmulatorMatchers {
  /** A text message, whole or by pattern: `toHaveSentText("Hello", { to: "+16505551234" })`. */
  toHaveSentText(text: ExpectedText, target?: ExpectedTarget): void;
  /** A message of any type: `toHaveSent({ type: "image", text: /blue/ })`; without an argument, any message. */
  toHaveSent(expected?: ExpectedMessage): void;
  /** A reaction, `""` for one that was removed; `replyTo` is the message that it is about. */
  toHaveReacted(emoji?: ExpectedText, target?: ExpectedTarget): void;
  /** A read receipt, for a customer's message or for any. */
  toHaveRead(messageId?: string): void;
  /** A typing indicator, for a customer's message or for any. */
  toHaveShownTyping(messageId?: string): void;
  /** Neither a message nor a reaction, to one customer or to all. Read receipts and typing indicators do not count. */
  toHaveSentNothing(target?: Pick<ExpectedTarget, "to">): void;

  /** A text message, now or later: `await expect(emulator).toEventuallySendText(/hello/i, { within: 1000 })`. */
  toEventuallySendText(text: ExpectedText, target?: ExpectedTarget & Within): Promise<void>;
  /** A message of any type, now or later. */
  toEventuallySend(expected?: ExpectedMessage & Within): Promise<void>;
  /** A reaction, now or later. */
  toEventuallyReact(emoji?: ExpectedText, target?: ExpectedTarget & Within): Promise<void>;
  /** A read receipt, now or later. */
  toEventuallyRead(messageId?: string, within?: Within): Promise<void>;
  /** A typing indicator, now or later. */
  toEventuallyShowTyping(messageId?: string, within?: Within): Promise<void>;
}
