/** Forwards deliveries that others have received: they come out of a shared store instead of from Meta. */
import { Broadcast } from "../events.ts";
import type { Delivery, ForwardStore } from "../store/store.ts";
import type { WebhookEvent } from "../webhook/event.ts";
import type { ListenerEvent } from "./event.ts";
import { ForwardQueue } from "./forward-queue.ts";
import { Forwarder, type Forwarding } from "./forward.ts";
import { Metrics, type ListenerSummary } from "./metrics.ts";
import { RETRY, type RetryPolicy } from "./retry-policy.ts";

/** A source of deliveries, which are accepted one by one until each is settled. */
export interface Source extends ForwardStore, AsyncDisposable {
  start(): void;
  /** Accepts no more; accepted deliveries can still be settled. */
  stop(): void;
}

export interface ShareConsumerOptions {
  forward: Forwarding;
  /** Opens the source, which calls `accept` with each delivery that is to be forwarded. */
  open(sink: { accept(delivery: Delivery): void; notice(text: string): void }): Promise<Source>;
  /** Selects the events that are emitted. Default: all. */
  wanted?: ((event: WebhookEvent) => boolean) | undefined;
  retry?: Partial<RetryPolicy>;
}

/** On close, the app may take this long to respond, in milliseconds. */
const CLOSING_MS = 5000;

export class ShareConsumer implements AsyncDisposable {
  readonly #options: ShareConsumerOptions;
  readonly #metrics = new Metrics();
  readonly #broadcast = new Broadcast<ListenerEvent>();
  readonly #aborting = new AbortController();
  readonly #forwarder: Forwarder;
  #source: Source | undefined;
  #queue: ForwardQueue | undefined;
  #closed: Promise<Omit<ListenerSummary, "ack">> | undefined;

  private constructor(options: ShareConsumerOptions, forwarder: Forwarder) {
    this.#options = options;
    this.#forwarder = forwarder;
  }

  /** Nothing is accepted before `start`. */
  static async open(options: ShareConsumerOptions): Promise<ShareConsumer> {
    const consumer = new ShareConsumer(options, await Forwarder.open(options.forward));
    consumer.#source = await options.open({
      accept: (delivery) => consumer.#accept(delivery),
      notice: (notice) => consumer.#emit({ type: "store", at: Date.now(), notice }),
    });
    consumer.#queue = new ForwardQueue({
      forwarder: consumer.#forwarder,
      store: consumer.#source,
      retry: { ...RETRY, ...options.retry },
      emit: (event) => consumer.#emitForward(event),
      attempted: (forwarded) => consumer.#metrics.attempted(consumer.#forwarder.to, forwarded),
    });
    return consumer;
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

  #accept({ id, receivedAt, events: all }: Delivery): void {
    const { wanted } = this.#options;
    const events = wanted === undefined ? all : all.filter((event) => wanted(event));
    this.#metrics.acknowledged({ ms: 0, verdict: "accepted", events, answer: undefined });
    this.#emit({ type: "delivery", delivery: id, receivedAt, verdict: "accepted", ackMs: 0, forwarding: true, events });
  }

  #emitForward(event: ListenerEvent): void {
    if (event.type === "forwarded") this.#metrics.forwarded(event);
    this.#emit(event);
  }

  #emit(event: ListenerEvent): void {
    this.#broadcast.emit(event);
  }

  /** Accepts no more, waits for the responses of the app, and leaves the rest for the next start. */
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
