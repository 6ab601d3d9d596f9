/** The webhooks of one message or change, and how chaos disturbs them. */
import { age } from "../../webhook/age.ts";
import type { Disturbance } from "../../webhook/chaos.ts";
import { encodeWire } from "../../webhook/wire.ts";

/** Each webhook is sent when it is due and the first attempt of the previous one is complete. */
export interface DeliveryChain {
  id: string;
  group: "message" | "status" | "field";
  /** The webhook field that an app must subscribe to. */
  field: string;
  /** The phone number that it concerns, for overrides of its callback URL. */
  phoneNumberId?: string;
  steps: readonly Step[];
}

export interface Step {
  kind: string;
  /** What a change is about, in one line. */
  summary?: string;
  /** On the clock's `elapsed()` scale. */
  due: number;
  /** The approximate size in memory while queued, in bytes. */
  size: number;
  /** The bytes to send to an app that subscribed in this version, such as `v25.0`. */
  body(version: string): Buffer;
}

/** The delay of a copy, and of a webhook that has no later one in its chain to wait for. */
const DELAY_MS = 200;
/** The delay of a late copy. */
const LATE_MS = 30_000;
/** With bursts, webhooks wait for the next multiple of this. */
const BURST_MS = 5000;

interface ChaosTerms {
  bursts: boolean;
  /** How many times as fast as Meta. */
  timeScale: number;
}

/** The chains to deliver in place of this one. A chain that is out of order becomes one chain for each step. */
export function disturb(
  given: DeliveryChain,
  plan: readonly Disturbance[],
  { bursts, timeScale }: ChaosTerms,
): DeliveryChain[] {
  const burstMs = BURST_MS / timeScale;
  const steps = given.steps.map((step, index) => {
    const due = bursts ? Math.ceil(step.due / burstMs) * burstMs : step.due;
    return { ...aged(step, plan[index]?.ageMs ?? 0), due };
  });
  const chain = { ...given, steps };
  const alone = (step: Step, due: number): DeliveryChain => ({ ...chain, steps: [{ ...step, due }] });
  const reordered = plan.some(({ overtakenBy }) => overtakenBy > 0);
  const firsts = reordered ? chain.steps.map((step, index) => alone(step, dueOf(chain, index, plan))) : [chain];
  const copies = chain.steps.flatMap((step, index) => {
    const { copies: count = 1, late = false } = plan[index] ?? {};
    const delay = late ? LATE_MS / timeScale : DELAY_MS;
    return count > 1 ? [alone(step, dueOf(chain, index, plan) + delay)] : [];
  });
  return [...firsts, ...copies];
}

/** The same webhook as one that Meta delivers long after the event. */
function aged(step: Step, ms: number): Step {
  if (ms === 0) return step;
  return {
    ...step,
    body(version) {
      const payload: unknown = JSON.parse(step.body(version).toString("utf8"));
      age(payload, ms);
      return encodeWire(payload);
    },
  };
}

/** Just after the later steps that overtake it; without later ones, late enough for other messages to overtake it. */
function dueOf({ steps }: DeliveryChain, index: number, plan: readonly Disturbance[]): number {
  const due = steps[index]?.due ?? 0;
  const overtakenBy = plan[index]?.overtakenBy ?? 0;
  if (overtakenBy === 0) return due;
  const last = steps[Math.min(index + overtakenBy, steps.length - 1)]?.due ?? due;
  return Math.max(last, due) + overtakenBy * DELAY_MS;
}
