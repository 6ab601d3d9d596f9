/** Emits the trace of each customer's message: from its delivery to what the app asked of the Graph API to the statuses. */
import { Bounded } from "../../emulator/bounded.ts";
import type { EmulatorEvent } from "../../emulator/event.ts";
import type { Trace } from "../../inspector/api.ts";
import { deliveryTrace, type TracedDelivery } from "../../inspector/delivery-trace.ts";
import { Ledger } from "../../inspector/ledger.ts";
import type { ListenerEvent } from "../../listener/event.ts";

/** A trace is complete when nothing was added to it for this long. The last status of a message comes within it. */
const QUIET_MS = 3000;
const MAX_KNOWN = 1000;

export type TraceEvent = { type: "trace" } & Trace;

export class Traces {
  readonly #emit: (event: TraceEvent) => void;
  readonly #quietMs: number;
  readonly #ledger = new Ledger(true);
  readonly #deliveries = new Bounded<TracedDelivery>(MAX_KNOWN);
  /** The delivery that a message of the app answers, by the id of the message. */
  readonly #answered = new Bounded<string>(MAX_KNOWN);
  /** Of deliveries whose trace is not complete. */
  readonly #timers = new Map<string, NodeJS.Timeout>();

  /** A trace that grows after it was emitted is emitted again, whole. */
  constructor(emit: (event: TraceEvent) => void, quietMs = QUIET_MS) {
    this.#emit = emit;
    this.#quietMs = quietMs;
  }

  addListener(event: ListenerEvent): void {
    this.#ledger.addListener(event, Date.now());
    if (event.type === "forwarded") this.#touch(event.delivery);
    if (event.type !== "delivery" || event.verdict !== "accepted") return;
    const { delivery: id, receivedAt, verdict, events } = event;
    if (events.some(({ group }) => group === "message")) {
      this.#deliveries.set(id, { id, receivedAt, verdict, events });
      this.#touch(id);
    }
    for (const { group, id: message = "" } of events) {
      if (group === "status") this.#touch(this.#answered.get(message));
    }
  }

  addEmulator(event: EmulatorEvent): void {
    this.#ledger.addEmulator(event, Date.now());
    if (event.type !== "request") return;
    const cause = this.#ledger.requests.at(-1)?.cause;
    const delivery = cause === undefined ? undefined : this.#ledger.inbound(cause)?.delivery;
    if (delivery !== undefined && event.messageId !== undefined) this.#answered.set(event.messageId, delivery);
    this.#touch(delivery);
  }

  #touch(id: string | undefined): void {
    if (id === undefined || !this.#deliveries.has(id)) return;
    clearTimeout(this.#timers.get(id));
    this.#timers.set(
      id,
      setTimeout(() => this.#complete(id), this.#quietMs),
    );
    const [oldest] = this.#timers.keys();
    if (this.#timers.size > MAX_KNOWN && oldest !== undefined) this.#complete(oldest);
  }

  #complete(id: string): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
    const delivery = this.#deliveries.get(id);
    if (delivery !== undefined) this.#emit({ type: "trace", ...deliveryTrace(delivery, [], this.#ledger) });
  }

  /** Emits what is not complete. */
  end(): void {
    for (const id of this.#timers.keys()) this.#complete(id);
  }
}
