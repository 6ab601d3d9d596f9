/** Waits in the store for the statuses of a message, while `wa-hook listen` records them. */
import { setTimeout as sleep } from "node:timers/promises";

import { InterruptedError } from "../errors.ts";
import { notice, type Notice } from "../terminal/command.ts";
import { isMalformed } from "./rows.ts";
import type { ReadableStore } from "./sqlite.ts";
import type { Delivery } from "./store.ts";

export type AwaitedStatus = "sent" | "delivered" | "read";

export interface StatusSeen {
  status: string;
  /** Seconds since 1970, as Meta says. */
  at?: number;
  /** Why it failed. */
  summary: string;
  /** What to do when it failed. */
  hint?: string;
  /** It is the one that was waited for, or a later one. */
  reached: boolean;
}

interface Waiting {
  until: AwaitedStatus;
  /** Milliseconds. */
  patience: number;
  signal: AbortSignal;
}

const POLL_MS = 100;
const LADDER = ["sent", "delivered", "read", "played"];

/** Yields each status of the message that comes, and ends after `patience`. The order in which Meta sends them is not fixed. */
export async function* waitForStatus(
  store: ReadableStore,
  { id, after }: { id: string; after: string | undefined },
  { until, patience, signal }: Waiting,
): AsyncGenerator<StatusSeen | Notice, void, void> {
  const deadline = performance.now() + patience;
  let last = after;
  for (;;) {
    for (const row of store.rows(last === undefined ? {} : { after: last })) {
      last = row.id;
      if (isMalformed(row)) yield notice(`delivery ${row.id} is malformed and was left out: ${row.malformed}`);
      else yield* statusesOf(row, id, until);
    }
    if (performance.now() > deadline) return;
    await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) {
      throw new InterruptedError(`stopped waiting; the message ${id} is on its way`, { code: "message.interrupted" });
    }
  }
}

function* statusesOf(
  { verdict, events }: Delivery,
  id: string,
  until: AwaitedStatus,
): Generator<StatusSeen, void, void> {
  if (verdict !== "accepted") return;
  for (const { group, id: of, kind: status, summary, at } of events) {
    if (group !== "status" || of !== id) continue;
    const reached = LADDER.indexOf(status) >= LADDER.indexOf(until);
    // A failure ends with what to do.
    const [why = summary, hint] = status === "failed" ? summary.split(" → ", 2) : [];
    yield {
      status,
      summary: why,
      reached,
      ...(at === undefined ? {} : { at }),
      ...(hint === undefined ? {} : { hint }),
    };
  }
}
