/** All deliveries, round by round: small loads are kept in memory, large ones are read again, standard input is streamed. */
import { UsageError } from "../errors.ts";
import type { Plan } from "./plan.ts";
import type { Prepared, Preparing } from "./prepare.ts";

/** The limits for keeping signed deliveries in memory. */
const KEPT_BYTES = 8 * 1024 * 1024;
const KEPT = 10_000;

export interface Turn {
  prepared: Prepared;
  /** The first round is 1. */
  round: number;
}

export class Load {
  readonly repeat: number;
  /** The deliveries of one round; missing while unknown. */
  count: number | undefined;
  /** The number of recorded deliveries of one round that were rejected when received, and are skipped. */
  skipped = 0;
  /** The time of the first event of a round, in seconds since 1970. */
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

  /** The paths of what this version does not know, of the deliveries read so far. */
  unknown(): Promise<string[]> {
    return this.#preparing.unknown();
  }

  /** The deliveries of all rounds. */
  get total(): number | undefined {
    return this.count === undefined ? undefined : this.count * this.repeat;
  }

  /**
   * Reads everything before anything is sent, to find errors first. Standard input is streamed instead. Throws a `UsageError`, also when
   * standard input is to be repeated but too large to keep.
   */
  async scan({ timed }: { timed: boolean }): Promise<void> {
    if (!this.#plan.again && this.repeat === 1) return;
    let [count, bytes] = [0, 0];
    const kept: Prepared[] = [];
    for await (const prepared of this.#read()) {
      count++;
      bytes += prepared.bytes;
      if (timed) this.#trackTime(await prepared.at());
      const fits = count <= KEPT && bytes <= KEPT_BYTES;
      if (fits) kept.push(prepared);
      else if (!this.#plan.again) throw unrepeatable();
      else kept.length = 0;
    }
    this.#preparing.check();
    this.count = count;
    this.#kept = kept.length === count ? kept : undefined;
  }

  /** All deliveries in order. Without an earlier `scan`, throws its errors. */
  async *turns(): AsyncGenerator<Turn, void, void> {
    for (let round = 1; round <= this.repeat; round++) {
      this.skipped = this.#kept === undefined ? 0 : this.skipped;
      for await (const prepared of this.#kept ?? this.#read()) yield { prepared, round };
    }
    if (this.count === undefined) this.#preparing.check();
  }

  async *#read(): AsyncGenerator<Prepared, void, void> {
    for await (const step of this.#plan.steps()) {
      if (step === "skipped") this.skipped++;
      else yield this.#preparing.prepare(step);
    }
  }

  #trackTime(at: number | undefined): void {
    if (at === undefined) return;
    this.first ??= at;
    this.length = Math.max(this.length, at - this.first);
  }
}

function unrepeatable(): UsageError {
  return new UsageError("standard input is too large for --repeat", {
    code: "replay.repeat-stdin",
    hint: "write it to a file: wa-hook replay received.ndjson --repeat 2",
  });
}
