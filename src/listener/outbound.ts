/** A delivery on its way to the app, as the forward queue holds it. */
import type { WebhookEvent } from "../webhook/event.ts";

/** A delivery to be forwarded, as it was received. */
export interface Outbound {
  delivery: string;
  receivedAt: number;
  headers: [name: string, value: string][];
  body: Uint8Array;
  events: WebhookEvent[];
}

/** In the forward queue. */
export interface Entry {
  /** The id of the forward. */
  id: string;
  lanes: readonly string[];
  attempts: number;
  outbound: Outbound;
  /** Of a delivery that is forwarded while it is on its way to the disk. */
  acknowledged?: Acknowledged;
}

/** Resolves when the delivery was acknowledged and reported, with false when it could not be saved: its sender then sends it again. */
export type Acknowledged = Promise<boolean>;

/** Resolves an `Acknowledged`. */
export type Reported = (isSaved: boolean) => void;

export function acknowledgment(): { acknowledged: Acknowledged; reported: Reported } {
  let reported!: Reported;
  const acknowledged = new Promise<boolean>((resolve) => {
    reported = resolve;
  });
  return { acknowledged, reported };
}

/** The customers of a delivery; changes of the account are in order among themselves. */
export function lanesOf(events: readonly WebhookEvent[]): string[] {
  const customers = new Set(events.map(({ from, to }) => from ?? to ?? ""));
  return [...customers];
}

/** What the events about it name. */
export function aboutOf({ delivery, receivedAt, events }: Outbound) {
  return { delivery, receivedAt, events };
}
