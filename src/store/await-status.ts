/** Waits until the store contains a status of a message, while a listener records deliveries. */
import { setTimeout as sleep } from "node:timers/promises";

import { InterruptedError } from "../errors.ts";
import { isMalformed, type Malformed } from "./sqlite/rows.ts";
import type { ReadableStore } from "./sqlite/sqlite-store.ts";
import type { Delivery } from "./store.ts";

export type AwaitedStatus = "sent" | "delivered" | "read";

export interface ReceivedStatus {
  status: string;
  /** Unix seconds, according to Meta. */
  at?: number;
  /** Details of the status, such as the cause of a failure. */
  summary: string;
  /** What to do about a failure, as an imperative. */
  fix?: string;
  /** Meta's error code of a failure. */
  code?: number;
  /** Whether this is the awaited status or a later one. */
  reached: boolean;
}

interface WaitOptions {
  until: AwaitedStatus;
  timeoutMs: number;
  signal: AbortSignal;
}

const POLL_MS = 100;
/** Statuses in chronological order. */
const PROGRESS = ["sent", "delivered", "read", "played"];

/** Yields each status of the message as it is recorded, in any order, and ends after `timeoutMs`. */
export async function* waitForStatus(
  store: ReadableStore,
  { id, after }: { id: string; after: string | undefined },
  { until, timeoutMs, signal }: WaitOptions,
): AsyncGenerator<ReceivedStatus | Malformed, void, void> {
  const deadline = performance.now() + timeoutMs;
  let last = after;
  for (;;) {
    for (const row of store.rows(last === undefined ? {} : { after: last })) {
      last = row.id;
      if (isMalformed(row)) yield row;
      else yield* statusesOf(row, id, until);
    }
    if (performance.now() > deadline) return;
    await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) {
      throw new InterruptedError(`stopped waiting; message ${id} was already sent`, { code: "message.interrupted" });
    }
  }
}

function* statusesOf(
  { verdict, events }: Delivery,
  id: string,
  until: AwaitedStatus,
): Generator<ReceivedStatus, void, void> {
  if (verdict !== "accepted") return;
  for (const { group, id: messageId, kind: status, summary, fix, code, at } of events) {
    if (group !== "status" || messageId !== id) continue;
    yield {
      status,
      summary,
      reached: PROGRESS.indexOf(status) >= PROGRESS.indexOf(until),
      ...(at === undefined ? {} : { at }),
      ...(fix === undefined ? {} : { fix }),
      ...(code === undefined ? {} : { code }),
    };
  }
}
