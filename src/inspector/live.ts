/** What happens now, for the ledger and for the pages that listen. */
import type { EmulatorEvent } from "../emulator/event.ts";
import { EventStream } from "../http/event-stream.ts";
import type { ListenerEvent } from "../listener/event.ts";
import type { DeliveryRow, Live } from "./api.ts";
import { deliveryRow, forwardRows } from "./delivery-row.ts";
import type { Ledger } from "./ledger.ts";
import { PerSecond } from "./per-second.ts";
import type { Sources } from "./sources.ts";

/** Beyond so many events a second, pages are notified to load everything again, at most once a second. */
const MAX_PER_SECOND = 200;
const SECOND_MS = 1000;
/** The events in one listener event; a delivery can have thousands. */
const MAX_EVENTS = 10;

export class LiveEvents implements Disposable {
  readonly stream: EventStream;
  readonly #sources: Sources;
  readonly #ledger: Ledger;
  readonly #readers: AsyncIterableIterator<unknown>[] = [];
  readonly #followed = new PerSecond(MAX_PER_SECOND);
  #timer: NodeJS.Timeout | undefined;

  /** `start` distinguishes this start from earlier ones. */
  constructor(sources: Sources, ledger: Ledger, start: string) {
    this.#sources = sources;
    this.#ledger = ledger;
    this.stream = new EventStream({ source: "lost" } satisfies Live, start);
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
    if (!this.#allows()) return;
    const row = this.#rowOf(event);
    this.emit({ source: "listener", event: shortened(event), ...(row === undefined ? {} : { row }) });
    if (event.type === "app") this.emit({ source: "state" });
  }

  #emulator(event: EmulatorEvent): void {
    this.#ledger.addEmulator(event, Date.now());
    if (this.#allows()) this.emit({ source: "emulator", event });
  }

  /** The delivery as it is now, so that a page need not ask for it. */
  #rowOf(event: ListenerEvent): DeliveryRow | undefined {
    const store = this.#sources.listener?.listener.store;
    if (!("delivery" in event) || event.delivery === undefined || store === undefined) return undefined;
    try {
      const delivery = store.get(event.delivery);
      return delivery && deliveryRow(delivery, forwardRows(event.delivery, store, this.#ledger));
    } catch {
      // The store was closed, or the row was deleted meanwhile.
      return undefined;
    }
  }

  /** Whether this event is emitted. */
  #allows(): boolean {
    if (!this.stream.observed) {
      this.stream.skip();
      return false;
    }
    if (this.#followed.allows()) return true;
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
    for (const reader of this.#readers) void reader.return?.();
    this.stream[Symbol.dispose]();
  }
}

function shortened(event: ListenerEvent): ListenerEvent {
  if (!("events" in event) || event.events.length <= MAX_EVENTS) return event;
  return { ...event, events: event.events.slice(0, MAX_EVENTS) };
}
