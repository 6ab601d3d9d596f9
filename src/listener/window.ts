/** What happened in the last minutes, in a fixed number of slots. */
import { Buckets } from "../buckets.ts";

export const WINDOW_MS = 5 * 60 * 1000;
const SLOTS = 30;
const SLOT_MS = WINDOW_MS / SLOTS;

/** The sums of a window. */
export interface Recent {
  /** Deliveries that arrived, acknowledged or not. */
  requests: number;
  /** Those that were not acknowledged. */
  errors: number;
  duplicates: number;
  /** From the arrival of a delivery to its acknowledgement. */
  ack: Buckets;
  /** From forwarding a delivery to the app's response. */
  app: Buckets;
}

interface Slot extends Recent {
  /** Its time, in slots since the clock's zero. */
  at: number;
}

/** A clock that is never set back, in milliseconds. */
export type Clock = () => number;

export class SlidingWindow {
  readonly #clock: Clock;
  readonly #slots: Slot[] = Array.from({ length: SLOTS }, () => ({ at: -1, ...nothing() }));

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The counters of this moment, to be increased. */
  get now(): Recent {
    const at = Math.floor(this.#clock() / SLOT_MS);
    const slot = this.#slots[at % SLOTS] as Slot;
    if (slot.at !== at) {
      Object.assign(slot, { at, requests: 0, errors: 0, duplicates: 0 });
      slot.ack.clear();
      slot.app.clear();
    }
    return slot;
  }

  /** The sums of the last five minutes. */
  sum(): Recent {
    const oldest = Math.floor(this.#clock() / SLOT_MS) - SLOTS + 1;
    const sum = nothing();
    for (const slot of this.#slots) {
      if (slot.at < oldest) continue;
      sum.requests += slot.requests;
      sum.errors += slot.errors;
      sum.duplicates += slot.duplicates;
      sum.ack.add(slot.ack);
      sum.app.add(slot.app);
    }
    return sum;
  }
}

function nothing(): Recent {
  return { requests: 0, errors: 0, duplicates: 0, ack: new Buckets(), app: new Buckets() };
}
