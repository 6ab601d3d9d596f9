/** The state of an outbound message, from its statuses in whatever order they arrive. */

/** The way of a message. Meta omits steps: `read` can arrive without `delivered`. */
export const STEPS = ["sent", "delivered", "read", "played"] as const;

export type Step = (typeof STEPS)[number];

export type MessageState = Step | "failed";

/** A message that failed was sent before; one that was delivered has not failed, even if an attempt did. */
const RANKS: readonly MessageState[] = ["sent", "failed", "delivered", "read", "played"];

/** The state after one more status. Order and repetition do not matter; other statuses, such as `warning`, change nothing. */
export function stateAfter(state: MessageState | undefined, status: string): MessageState | undefined {
  const next = RANKS.find((rank) => rank === status);
  if (next === undefined || state === undefined) return next ?? state;
  return RANKS.indexOf(next) > RANKS.indexOf(state) ? next : state;
}

/** Whether the message got at least as far as `step`. */
export function hasReached(state: MessageState | undefined, step: Step): boolean {
  return state !== undefined && state !== "failed" && STEPS.indexOf(state) >= STEPS.indexOf(step);
}

/** The steps up to `step` that the message has not reached. */
export function missingUntil(step: Step, state: MessageState | undefined): Step[] {
  return STEPS.slice(0, STEPS.indexOf(step) + 1).filter((each) => !hasReached(state, each));
}
