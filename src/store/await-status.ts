/** Waits until the store contains a status of a message, while a listener records deliveries. */
import { setTimeout as sleep } from "node:timers/promises";

import { InterruptedError } from "../errors.ts";
import { hasReached, stateAfter, type MessageState, type Step } from "../messages/statuses/ladder.ts";
import type { RecordedStore } from "./readable.ts";
import { isMalformed, type Malformed } from "./sqlite/rows.ts";
import type { Delivery } from "./store.ts";

export type AwaitedStatus = Exclude<Step, "played">;

export interface ReceivedStatus {
  /** As Meta names it: `sent`, `delivered`, `read`, `failed` … */
  status: string;
  /** Unix seconds, according to Meta. */
  at?: number;
  /** Details of the status, such as the cause of a failure. */
  summary: string;
  /** What to do about a failure, as an imperative. */
  fix?: string;
  /** Meta's error code of a failure. */
  code?: number;
  /** The state of the message after all statuses so far; missing when none of them changes it. */
  state?: MessageState;
  /** Whether that is the awaited status or a later one. */
  reached: boolean;
}

interface WaitOptions {
  until: AwaitedStatus;
  timeoutMs: number;
  signal: AbortSignal;
}

const POLL_MS = 100;

/** Yields each status of the message as it is recorded, in any order, and ends after `timeoutMs`. */
export async function* waitForStatus(
  store: Pick<RecordedStore, "rows">,
  { id, after }: { id: string; after: string | undefined },
  { until, timeoutMs, signal }: WaitOptions,
): AsyncGenerator<ReceivedStatus | Malformed, void, void> {
  const deadline = performance.now() + timeoutMs;
  let last = after;
  let state: MessageState | undefined;
  for (;;) {
    for await (const row of store.rows(last === undefined ? {} : { after: last })) {
      last = row.id;
      if (isMalformed(row)) yield row;
      else state = yield* statusesOf(row, { id, state, until });
    }
    if (performance.now() > deadline) return;
    await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) {
      throw new InterruptedError(`stopped waiting; message ${id} was already sent`, { code: "message.interrupted" });
    }
  }
}

/** Returns the state of the message after this delivery. */
function* statusesOf(
  { verdict, events }: Delivery,
  message: { id: string; state: MessageState | undefined; until: AwaitedStatus },
): Generator<ReceivedStatus, MessageState | undefined, void> {
  let { state } = message;
  if (verdict !== "accepted") return state;
  for (const { group, id, kind: status, summary, fix, code, at } of events) {
    if (group !== "status" || id !== message.id) continue;
    state = stateAfter(state, status);
    yield {
      status,
      summary,
      ...(state === undefined ? {} : { state }),
      reached: hasReached(state, message.until),
      ...(at === undefined ? {} : { at }),
      ...(fix === undefined ? {} : { fix }),
      ...(code === undefined ? {} : { code }),
    };
  }
  return state;
}
