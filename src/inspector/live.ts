/** What happens now, for the ledger and for the pages that listen. */
import type { EmulatorEvent } from "../emulator/event.ts";
import { EventStream } from "../http/event-stream.ts";
import type { ListenerEvent } from "../listener/event.ts";
import type { DeliveryRow, Live } from "./api.ts";
import { deliveryRow, forwardRows } from "./delivery-row.ts";
import type { History } from "./history.ts";
import type { Ledger } from "./ledger.ts";
import { Others } from "./others.ts";
import { PerSecond } from "./per-second.ts";
import type { Sources } from "./sources.ts";

/** Beyond so many events a second, pages are notified to load everything again, at most once a second. */
const MAX_PER_SECOND = 200;
const SECOND_MS = 1000;
/** The events in one listener event; a delivery can have thousands. */
const MAX_EVENTS = 10;

interface Parts {
  sources: Sources;
  history: History | undefined;
  ledger: Ledger;
}

export class LiveEvents implements Disposable {
  readonly stream: EventStream;
  readonly #history: History | undefined;
  readonly #ledger: Ledger;
  readonly #others: Others | undefined;
  readonly #readers: AsyncIterableIterator<unknown>[] = [];
  readonly #followed = new PerSecond(MAX_PER_SECOND);
  #timer: NodeJS.Timeout | undefined;
  /** Events wait for the row of an earlier one, so that they are emitted in the order in which they happened. */
  #turn: Promise<void> = Promise.resolve();
  #waiting = 0;

  /** `start` distinguishes this start from earlier ones. */
  constructor({ sources, history, ledger }: Parts, start: string) {
    this.#history = history;
    this.#ledger = ledger;
    this.stream = new EventStream({ source: "lost" } satisfies Live, start);
    this.#others = history && new Others(history, () => this.emit({ source: "lost" }));
    const { listener, emulator } = sources;
    if (listener !== undefined) {
      void this.#follow(listener.listener.events(), (event) => this.#listener(event));
      void this.#follow(listener.monitor.events(), () => this.emit({ source: "state" }));
    }
    if (emulator !== undefined) void this.#follow(emulator.events(), (event) => this.#emulator(event));
  }

  async #follow<Event>(events: AsyncIterableIterator<Event>, see: (event: Event) => void): Promise<void> {
    this.#readers.push(events);
    for await (const event of events) see(event);
  }

  #listener(event: ListenerEvent): void {
    this.#ledger.addListener(event, Date.now());
    const delivery = "delivery" in event ? event.delivery : undefined;
    // Each once: an attempt to forward it is about the same delivery.
    if (delivery !== undefined && (event.type === "delivery" || event.type === "rejected")) this.#others?.add(delivery);
    if (!this.#allows()) return;
    this.#inTurn(async () => {
      const row = delivery === undefined ? undefined : await this.#rowOf(delivery);
      this.emit({ source: "listener", event: shortened(event), ...(row === undefined ? {} : { row }) });
      if (event.type === "app") this.emit({ source: "state" });
    });
  }

  #emulator(event: EmulatorEvent): void {
    this.#ledger.addEmulator(event, Date.now());
    if (this.#allows()) this.#inTurn(() => this.emit({ source: "emulator", event }));
  }

  #inTurn(emit: () => void | Promise<void>): void {
    this.#waiting++;
    this.#turn = this.#turn.then(emit).finally(() => void this.#waiting--);
  }

  /** The delivery as it is now, so that a page need not ask for it. */
  async #rowOf(id: string): Promise<DeliveryRow | undefined> {
    try {
      const delivery = await this.#history?.get(id);
      if (delivery === undefined || this.#history === undefined) return undefined;
      return deliveryRow(delivery, await forwardRows(id, this.#history, this.#ledger));
    } catch {
      // The store was closed, or cannot be read now, or the row was deleted meanwhile.
      return undefined;
    }
  }

  /** Whether this event is emitted. */
  #allows(): boolean {
    if (!this.stream.observed) {
      this.stream.skip();
      return false;
    }
    if (this.#followed.allows() && this.#waiting < MAX_PER_SECOND) return true;
    this.stream.skip();
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.emit({ source: "lost" });
    }, SECOND_MS).unref();
    return false;
  }

  emit(event: Live): void {
    this.stream.emit(event);
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#others?.[Symbol.dispose]();
    for (const reader of this.#readers) void reader.return?.();
    this.stream[Symbol.dispose]();
  }
}

function shortened(event: ListenerEvent): ListenerEvent {
  if (!("events" in event) || event.events.length <= MAX_EVENTS) return event;
  return { ...event, events: event.events.slice(0, MAX_EVENTS) };
}
