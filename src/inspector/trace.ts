/** The trace of one delivery: from its arrival to what the app asked of the Graph API to the statuses, in the order of time. */
import type { Trace, TraceStep } from "./api.ts";

/** What is known about one delivery. Times are milliseconds since 1970 of one clock, durations milliseconds. */
export interface TraceFacts {
  delivery: { id: string; receivedAt: number; text: string; ok: boolean };
  /** From the arrival to the response to the sender. */
  acknowledged?: { ms: number; status: number };
  forwards: readonly { at: number; to: string; attempt: number; status?: number; ms?: number }[];
  requests: readonly { at: number; text: string; ok: boolean; message?: string }[];
  statuses: readonly { at: number; status: string; message: string }[];
}

type Step = Omit<TraceStep, "afterMs">;

/** Steps at the same time are in this order. */
const ORDER: readonly TraceStep["step"][] = ["received", "acknowledged", "forwarded", "request", "status"];

/** The first step is the arrival. A step that a clock put before it, because it was set back, happened with it. */
export function traceOf(facts: TraceFacts): Trace {
  const { id, receivedAt } = facts.delivery;
  const steps = stepsOf(facts)
    .map((step) => ({ ...step, at: Math.max(step.at, receivedAt) }))
    .toSorted((one, other) => one.at - other.at || ORDER.indexOf(one.step) - ORDER.indexOf(other.step));
  return { id, steps: steps.map((step) => ({ ...step, afterMs: step.at - receivedAt })) };
}

function stepsOf({ delivery, acknowledged, forwards, requests, statuses }: TraceFacts): Step[] {
  const { receivedAt, text, ok } = delivery;
  return [
    { at: receivedAt, step: "received", text, ok },
    ...(acknowledged === undefined ? [] : [acknowledgedStep(receivedAt, acknowledged)]),
    ...forwards.map(forwardedStep),
    ...requests.map((request): Step => ({ step: "request", ...request })),
    ...statuses.map(({ at, status, message }): Step => ({
      at,
      step: "status",
      text: status,
      ok: status !== "failed",
      message,
    })),
  ];
}

function acknowledgedStep(receivedAt: number, { ms, status }: NonNullable<TraceFacts["acknowledged"]>): Step {
  return { at: receivedAt + ms, step: "acknowledged", text: `acknowledged with ${status}`, ok: status === 200 };
}

function forwardedStep({ at, to, attempt, status, ms }: TraceFacts["forwards"][number]): Step {
  const response = status === undefined ? "no response" : `${status}`;
  const details = [ms === undefined ? "" : `in ${Math.round(ms)} ms`, attempt > 1 ? `attempt ${attempt}` : ""];
  const text = [`${to} → ${response}`, ...details].filter(Boolean).join(", ");
  return { at, step: "forwarded", text, ok: status === 200 };
}
