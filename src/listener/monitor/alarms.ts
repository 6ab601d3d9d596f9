/** The alarms of a listener: decided from the last five minutes, each started and ended once. */
import type { Recent } from "../window.ts";

export type AlarmName = "error_rate" | "latency" | "app_latency" | "duplicates" | "certificate";

export const ALARMS: readonly AlarmName[] = ["error_rate", "latency", "app_latency", "duplicates", "certificate"];

export interface Alarm {
  /** What it is about, for programs. */
  alarm: AlarmName;
  /** What is measured: `12 of 80 deliveries not acknowledged (15 %)`. */
  text: string;
  /** What to do about it, as an imperative. */
  hint: string;
}

/** An alarm starts or ends. */
export type AlarmEvent = { type: "alarm"; at: number; state: "started" | "ended" } & Alarm;

export interface Measured {
  recent: Recent;
  /** The end of the certificate of the public URL, in milliseconds since 1970. */
  certificateEnds?: number;
  /** Milliseconds since 1970. */
  now: number;
}

/** A few failures among few deliveries say nothing. */
const MIN_ERRORS = 5;
const MIN_DUPLICATES = 20;
const MIN_TIMED = 10;
const ERROR_RATE = 0.05;
/** Meta repeats a delivery when it got no 200; normally few of them are repeated. */
const DUPLICATE_RATE = 0.2;
/** An alarm ends below this share of its threshold, so that it does not start and end again and again. */
const CALM = 0.5;
/**
 * Meta names no limit; other sources say 5 to 20 s. Durations are known as the upper bounds of buckets, so this is reached when the 95th
 * percentile is above the bound before, which is 5 s.
 */
const PATIENCE_MS = 10_000;
const DAY_MS = 24 * 60 * 60 * 1000;
const CERTIFICATE_DAYS = 30;

type Rule = (measured: Measured, isOn: boolean) => Omit<Alarm, "alarm"> | undefined;

const RULES: Record<AlarmName, Rule> = {
  error_rate({ recent: { requests, errors } }, isOn) {
    if (!exceeds(errors, requests, { rate: ERROR_RATE, least: MIN_ERRORS, isOn })) return undefined;
    return {
      text: `${errors} of ${requests} deliveries not acknowledged in 5 minutes (${percent(errors, requests)})`,
      hint: "run wa-hook events list for the reasons of rejected deliveries",
    };
  },

  latency({ recent: { ack } }, isOn) {
    const ms = ack.atMostMs(0.95);
    if (ack.count < MIN_TIMED || ms < (isOn ? PATIENCE_MS * CALM : PATIENCE_MS)) return undefined;
    return {
      text: `95 % of deliveries take up to ${seconds(ms)} to acknowledge; senders time out and repeat them`,
      hint: "check the load and the disk of this machine",
    };
  },

  app_latency({ recent: { app } }, isOn) {
    const ms = app.atMostMs(0.95);
    if (app.count < MIN_TIMED || ms < (isOn ? PATIENCE_MS * CALM : PATIENCE_MS)) return undefined;
    return {
      text: `95 % of the app's responses take up to ${seconds(ms)}; Meta would time out and repeat deliveries`,
      hint: "respond with 200 first and process the delivery afterwards",
    };
  },

  duplicates({ recent: { requests, duplicates } }, isOn) {
    if (!exceeds(duplicates, requests, { rate: DUPLICATE_RATE, least: MIN_DUPLICATES, isOn })) return undefined;
    return {
      text: `${duplicates} of ${requests} deliveries in 5 minutes are duplicates (${percent(duplicates, requests)})`,
      hint: "Meta repeats what it got no 200 for: check whether earlier deliveries were rejected or slow",
    };
  },

  certificate({ certificateEnds, now }) {
    if (certificateEnds === undefined) return undefined;
    const days = (certificateEnds - now) / DAY_MS;
    if (days >= CERTIFICATE_DAYS) return undefined;
    const ends = days < 0 ? "has expired" : `expires in ${Math.floor(days)} ${Math.floor(days) === 1 ? "day" : "days"}`;
    return {
      text: `the certificate of the public URL ${ends}; Meta rejects expired certificates`,
      hint: "renew the certificate of the public URL",
    };
  },
};

/** Remembers which alarms are on. */
export class Alarms {
  readonly #on = new Map<AlarmName, Alarm>();

  /** The alarms that are on, as of the last `update`. */
  get active(): Alarm[] {
    return [...this.#on.values()];
  }

  /** Returns what has started or ended since the last call. */
  update(measured: Measured): AlarmEvent[] {
    const events: AlarmEvent[] = [];
    for (const alarm of ALARMS) {
      const before = this.#on.get(alarm);
      const found = RULES[alarm](measured, before !== undefined);
      if (found !== undefined) this.#on.set(alarm, { alarm, ...found });
      else this.#on.delete(alarm);
      const event = { type: "alarm", at: measured.now } as const;
      if (before === undefined && found !== undefined) events.push({ ...event, state: "started", alarm, ...found });
      if (before !== undefined && found === undefined) events.push({ ...event, state: "ended", ...before });
    }
    return events;
  }
}

interface Threshold {
  rate: number;
  /** The number from which it can start. */
  least: number;
  isOn: boolean;
}

function exceeds(count: number, of: number, { rate, least, isOn }: Threshold): boolean {
  if (isOn) return count > 0 && count / of > rate * CALM;
  return count >= least && count / of > rate;
}

function percent(count: number, of: number): string {
  return `${Math.round((count / of) * 100)} %`;
}

function seconds(ms: number): string {
  return ms === Infinity ? "more than 30 s" : `${ms / 1000} s`;
}
