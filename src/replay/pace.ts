/** When each delivery is due: at the times of its events, or at a rate. */
import { setTimeout as sleep } from "node:timers/promises";

import type { Load, Turn } from "./load.ts";
import type { Target } from "./sending.ts";

/** Waits until a delivery is due, according to the times of its events. */
export function pacer(load: Load, { speed, rate, signal }: Target): (turn: Turn) => Promise<void> | undefined {
  const until = pauses(signal);
  if (rate !== undefined) {
    // Each time is counted from the start, so that delays do not add up.
    let sent = 0;
    return () => until((sent++ * 1000) / rate);
  }
  if (speed === undefined) return () => undefined;
  let { first } = load;
  const length = load.length + 1;
  return async ({ prepared, round }) => {
    const at = await prepared.at();
    // Streamed input has its first time only now.
    first ??= at;
    const due = (round - 1) * length + (at === undefined || first === undefined ? 0 : at - first);
    await until((due * 1000) / speed);
  };
}

/** Waits until so many milliseconds have passed since the start. */
function pauses(signal: AbortSignal): (due: number) => Promise<void> {
  const started = performance.now();
  return async (due) => {
    const left = started + due - performance.now();
    if (left > 0) await sleep(left, undefined, { signal }).catch(() => undefined);
  };
}
