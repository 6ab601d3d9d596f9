/** Everything that is to be delivered, round by round: what is little is kept, what is much is read again, and standard input as it comes. */
import { UsageError } from "../errors.ts";
import type { Plan } from "./plan.ts";
import type { Prepared, Preparing } from "./prepare.ts";

/** Up to here deliveries are kept in memory, signed. */
const KEPT_BYTES = 8 * 1024 * 1024;
const KEPT = 10_000;

export interface Turn {
  prepared: Prepared;
  /** The first time round is 1. */
  round: number;
}

export class Load {
  readonly repeat: number;
  /** Of one round; nothing when that is known only at its end. */
  count: number | undefined;
  /** Recorded deliveries of one round that had been refused when they came. */
  leftOut = 0;
  /** When the first event of a round happened, in seconds since 1970. */
  first: number | undefined;
  /** From the first to the last event of a round, in seconds. */
  length = 0;
  readonly #plan: Plan;
  readonly #preparing: Preparing;
  #kept: Prepared[] | undefined;

  constructor(plan: Plan, preparing: Preparing, repeat: number) {
    this.#plan = plan;
    this.#preparing = preparing;
    this.repeat = repeat;
  }

  /** How many deliveries there are in all rounds. */
  get total(): number | undefined {
    return this.count === undefined ? undefined : this.count * this.repeat;
  }

  /**
   * Looks everything through before anything is sent, so that what cannot be sent is known; but not standard input, which is sent as it
   * comes. Throws a `UsageError`, also when standard input is to be repeated and is too large to be kept.
   */
  async survey({ timed }: { timed: boolean }): Promise<void> {
    if (!this.#plan.again && this.repeat === 1) return;
    let [count, bytes] = [0, 0];
    const kept: Prepared[] = [];
    for await (const prepared of this.#read()) {
      count++;
      bytes += prepared.bytes;
      if (timed) this.#see(prepared.at());
      const fits = count <= KEPT && bytes <= KEPT_BYTES;
      if (fits) kept.push(prepared);
      else if (!this.#plan.again) throw unrepeatable();
      else kept.length = 0;
    }
    this.#preparing.check();
    this.count = count;
    this.#kept = kept.length === count ? kept : undefined;
  }

  /** Everything in its order. Throws what a survey would have, when there was none. */
  async *turns(): AsyncGenerator<Turn, void, void> {
    for (let round = 1; round <= this.repeat; round++) {
      this.leftOut = this.#kept === undefined ? 0 : this.leftOut;
      for await (const prepared of this.#kept ?? this.#read()) yield { prepared, round };
    }
    if (this.count === undefined) this.#preparing.check();
  }

  async *#read(): AsyncGenerator<Prepared, void, void> {
    for await (const step of this.#plan.steps()) {
      if (step === "left out") this.leftOut++;
      else yield this.#preparing.prepare(step);
    }
  }

  #see(at: number | undefined): void {
    if (at === undefined) return;
    this.first ??= at;
    this.length = Math.max(this.length, at - this.first);
  }
}

function unrepeatable(): UsageError {
  return new UsageError("standard input is too large to be repeated", {
    code: "replay.repeat-stdin",
    hint: "write it into a file and name the file: wa-hook replay received.ndjson --repeat 2",
  });
}
