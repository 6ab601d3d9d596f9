/** Forwards deliveries that others have received: they come out of a shared store instead of from Meta. */
import { Broadcast } from "../events.ts";
import type { Delivery, ForwardStore } from "../store/store.ts";
import type { WebhookEvent } from "../webhook/event.ts";
import type { ListenerEvent } from "./event.ts";
import { ForwardQueue } from "./forward-queue.ts";
import { Forwarder, type Forwarding } from "./forward.ts";
import { Metrics, type ListenerSummary } from "./metrics.ts";
import { RETRY, type RetryPolicy } from "./retry-policy.ts";

/** Deliveries that are taken one by one, until each is settled. */
export interface Source extends ForwardStore, AsyncDisposable {
  start(): void;
  /** Takes no more; what was taken can still be settled. */
  stop(): void;
}

export interface TakerOptions {
  forward: Forwarding;
  /** Opens the source, which calls `taken` with each delivery that is to be forwarded. */
  open(told: { taken(delivery: Delivery): void; notice(text: string): void }): Promise<Source>;
  /** Selects the events that are emitted. Default: all. */
  wanted?: ((event: WebhookEvent) => boolean) | undefined;
  retry?: Partial<RetryPolicy>;
}

/** On close, the app may take this long to respond, in milliseconds. */
const CLOSING_MS = 5000;

export class Taker implements AsyncDisposable {
  readonly #options: TakerOptions;
  readonly #metrics = new Metrics();
  readonly #broadcast = new Broadcast<ListenerEvent>();
  readonly #aborting = new AbortController();
  readonly #forwarder: Forwarder;
  #source: Source | undefined;
  #queue: ForwardQueue | undefined;
  #closed: Promise<Omit<ListenerSummary, "ack">> | undefined;

  private constructor(options: TakerOptions, forwarder: Forwarder) {
    this.#options = options;
    this.#forwarder = forwarder;
  }

  /** Nothing is taken before `start`. */
  static async open(options: TakerOptions): Promise<Taker> {
    const taker = new Taker(options, await Forwarder.open(options.forward));
    taker.#source = await options.open({
      taken: (delivery) => taker.#taken(delivery),
      notice: (notice) => taker.#emit({ type: "store", at: Date.now(), notice }),
    });
    taker.#queue = new ForwardQueue({
      forwarder: taker.#forwarder,
      store: taker.#source,
      retry: { ...RETRY, ...options.retry },
      emit: (event) => taker.#emitForward(event),
      attempted: (forwarded) => taker.#metrics.attempted(taker.#forwarder.to, forwarded),
    });
    return taker;
  }

  /** Begins to take deliveries. */
  start(): void {
    this.#queue?.start();
    this.#source?.start();
  }

  /** The events from this call on, in order; ends when it is closed. */
  events(): AsyncIterableIterator<ListenerEvent> {
    return this.#broadcast.events();
  }

  #taken({ id, receivedAt, events: all }: Delivery): void {
    const { wanted } = this.#options;
    const events = wanted === undefined ? all : all.filter((event) => wanted(event));
    this.#metrics.acknowledged({ ms: 0, verdict: "accepted", events, answer: undefined });
    this.#emit({ type: "delivery", delivery: id, receivedAt, verdict: "accepted", ackMs: 0, forwarding: true, events });
  }

  #emitForward(event: ListenerEvent): void {
    if (event.type === "forwarded") {
      if (event.status === 200) this.#metrics.responded(event.ms);
      else this.#metrics.forwardFailed();
    }
    this.#emit(event);
  }

  #emit(event: ListenerEvent): void {
    this.#broadcast.emit(event);
  }

  /** Takes no more, waits for the responses of the app, and leaves the rest for the next start. */
  close(): Promise<Omit<ListenerSummary, "ack">> {
    this.#closed ??= this.#finish();
    return this.#closed;
  }

  async #finish(): Promise<Omit<ListenerSummary, "ack">> {
    this.#source?.stop();
    await this.#queue?.close(CLOSING_MS, this.#aborting.signal);
    await this.#source?.[Symbol.asyncDispose]();
    this.#broadcast.end();
    const { ack: _, ...summary } = this.#metrics.summary(this.#queue?.waiting ?? 0);
    return summary;
  }

  /** Cancels everything in flight, so that closing ends at once. */
  abort(): void {
    this.#aborting.abort();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
