/** Delivers signed webhooks: each when it is due, in order per message, with retries until the app responds with 200. */
import { openPoster, type Poster } from "../../http/post.ts";
import { adviseOnFailure, adviseOnStatus } from "../../webhook/advice.ts";
import { META_HEADERS, signatures } from "../../webhook/headers.ts";
import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import type { History } from "../messaging/history.ts";
import type { Account } from "../options.ts";
import type { Callbacks } from "./callbacks.ts";
import { Schedule } from "./schedule.ts";

/** The webhooks of one message. Each is sent when it is due and the first attempt of the previous one is complete. */
export interface DeliveryChain {
  id: string;
  group: "message" | "status" | "field";
  /** The webhook field that an app must subscribe to. */
  field: string;
  steps: readonly Step[];
}

interface Step {
  kind: string;
  /** On the clock's `elapsed()` scale. */
  due: number;
  /** The approximate size in memory while queued, in bytes. */
  size: number;
  /** The bytes to send. */
  body(): Buffer;
}

interface QueuedDelivery {
  chain: DeliveryChain;
  step: number;
  /** Counted from 1. */
  attempt: number;
  /** Encoded for the first attempt; retries send the same bytes. */
  body?: Buffer;
}

interface Context {
  account: Account;
  callbacks: Callbacks;
  clock: Clock;
  history: History;
  log: Log;
  retryMs: readonly number[];
}

const CONNECTIONS = 32;
const TIMEOUT_MS = 20_000;
const MAX_QUEUED = 10_000;
const MAX_QUEUED_BYTES = 64 * 1024 * 1024;
const MAX_POSTERS = 8;
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export class Deliveries {
  readonly #context: Context;
  readonly #queue = new Schedule<QueuedDelivery>();
  readonly #posters = new Map<string, Promise<Poster>>();
  readonly #settledListeners: (() => void)[] = [];
  /** The number of chains with unsent webhooks. */
  #openChains = 0;
  #queuedBytes = 0;
  #inFlight = 0;
  #dropped = 0;
  #timer: NodeJS.Timeout | undefined;
  #timerAt = Infinity;
  #closed = false;

  constructor(context: Context) {
    this.#context = context;
  }

  add(chain: DeliveryChain): void {
    if (chain.steps.length === 0 || this.#callbackUrl(chain.field) === undefined) return;
    this.#openChains++;
    this.#enqueue({ chain, step: 0, attempt: 1 }, chain.steps[0]?.due ?? 0);
    this.#armTimer();
  }

  /** Sends what is due. Call it after advancing the clock. */
  flush(): void {
    this.#sendDue();
  }

  /** Resolves when all chains are complete and no response is pending; retries can still be queued. */
  async settled(): Promise<void> {
    if (this.#closed || this.#idle()) return;
    await new Promise<void>((resolve) => this.#settledListeners.push(resolve));
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    const posters = [...this.#posters.values()];
    this.#posters.clear();
    await Promise.allSettled(posters.map(async (poster) => (await poster).close()));
    for (const resolve of this.#settledListeners.splice(0)) resolve();
  }

  #idle(): boolean {
    return this.#openChains === 0 && this.#inFlight === 0;
  }

  /** The callback URL for a field. Without one for messages, emits a warning once. */
  #callbackUrl(field: string): string | undefined {
    const { account, callbacks, log, clock } = this.#context;
    const callback = callbacks.urlFor(field, account.appId);
    if ("url" in callback) return callback.url;
    if (field === "messages") log.warnOnce(`webhooks are not sent: ${callback.reason}`, clock.now());
    return undefined;
  }

  #enqueue(delivery: QueuedDelivery, due: number): void {
    const size = sizeOf(delivery);
    while (this.#queue.size >= MAX_QUEUED || this.#queuedBytes + size > MAX_QUEUED_BYTES) {
      if (!this.#dropOldest()) break;
    }
    this.#queue.add(delivery, due);
    this.#queuedBytes += size;
  }

  #dequeue(): QueuedDelivery | undefined {
    const first = this.#queue.take();
    if (first !== undefined) this.#queuedBytes -= sizeOf(first);
    return first;
  }

  /** Drops the oldest queued delivery; false when the queue is empty. */
  #dropOldest(): boolean {
    const oldest = this.#dequeue();
    if (oldest === undefined) return false;
    if (oldest.attempt === 1) this.#openChains--;
    this.#dropped++;
    if (this.#dropped % 1000 !== 1) return true;
    const message = `webhook queue is full (${MAX_QUEUED} webhooks or 64 MB): dropped the oldest, ${this.#dropped} so far`;
    this.#context.log.emit({ type: "warning", at: this.#context.clock.now(), message });
    return true;
  }

  /** Sets the single timer to the earliest due time. */
  #armTimer(): void {
    const due = this.#queue.next;
    if (due === undefined || due >= this.#timerAt || this.#inFlight >= CONNECTIONS || this.#closed) return;
    clearTimeout(this.#timer);
    this.#timerAt = due;
    const ms = Math.max(0, Math.ceil(due - this.#context.clock.elapsed()));
    this.#timer = setTimeout(() => this.#sendDue(), Math.min(ms, LONGEST_TIMER_MS));
  }

  #sendDue(): void {
    if (this.#closed) return;
    clearTimeout(this.#timer);
    this.#timerAt = Infinity;
    const now = this.#context.clock.elapsed();
    while (this.#inFlight < CONNECTIONS && (this.#queue.next ?? Infinity) <= now) {
      this.#attempt(this.#dequeue() as QueuedDelivery).catch((error: unknown) =>
        this.#context.log.reportBug(error, this.#context.clock.now()),
      );
    }
    this.#armTimer();
    if (this.#idle()) for (const resolve of this.#settledListeners.splice(0)) resolve();
  }

  async #attempt(delivery: QueuedDelivery): Promise<void> {
    const url = this.#callbackUrl(delivery.chain.field);
    if (url === undefined) {
      // The app was unsubscribed in the meantime, which ends the chain.
      if (delivery.attempt === 1) this.#openChains--;
      return;
    }
    this.#inFlight++;
    delivery.body ??= delivery.chain.steps[delivery.step]?.body() ?? Buffer.alloc(0);
    const started = performance.now();
    const result = await this.#post(new URL(url), delivery.body);
    this.#inFlight--;
    if (this.#closed) return;
    this.#recordResult(delivery, { url, ms: performance.now() - started, ...result });
    if (delivery.attempt === 1) this.#enqueueNext(delivery);
    this.#sendDue();
  }

  async #post(url: URL, body: Buffer): Promise<{ status?: number; advice?: string }> {
    try {
      const poster = await this.#posterTo(url);
      const headers = [...META_HEADERS, ...signatures(body, this.#context.account.appSecret)];
      const { status } = await poster.post({ headers, body });
      return status === 200 ? { status } : { status, advice: adviseOnStatus(status) };
    } catch (error) {
      return { advice: adviseOnFailure(error, url.origin, TIMEOUT_MS) };
    }
  }

  #posterTo(url: URL): Promise<Poster> {
    const known = this.#posters.get(url.href);
    if (known !== undefined) return known;
    const poster = openPoster(url, CONNECTIONS, TIMEOUT_MS);
    this.#posters.set(url.href, poster);
    const [oldest] = this.#posters;
    if (this.#posters.size > MAX_POSTERS && oldest !== undefined) {
      this.#posters.delete(oldest[0]);
      void oldest[1].then((old) => old.close());
    }
    return poster;
  }

  #recordResult(delivery: QueuedDelivery, result: { url: string; ms: number; status?: number; advice?: string }): void {
    const { clock, history, log, retryMs } = this.#context;
    const { chain, step, attempt } = delivery;
    const { id, group } = chain;
    const kind = chain.steps[step]?.kind ?? "";
    const delay = result.status === 200 ? undefined : retryMs[attempt - 1];
    const retry = delay === undefined ? {} : { retryInMs: delay };
    log.emit({ type: "webhook", at: clock.now(), group, kind, id, attempt, ...result, ...retry });
    const state = result.status === 200 ? "DELIVERED" : delay === undefined ? "FAILED" : "RETRYING";
    const error = result.advice === undefined ? {} : { error: result.advice };
    const event = { status: kind.toUpperCase(), at: clock.seconds(), state, url: result.url, ...error } as const;
    if (group === "status") history.record(id, event);
    if (delay !== undefined) this.#enqueue({ ...delivery, attempt: attempt + 1 }, clock.elapsed() + delay);
  }

  /** Queues the next webhook of the chain. */
  #enqueueNext({ chain, step }: QueuedDelivery): void {
    const next = chain.steps[step + 1];
    if (next === undefined) this.#openChains--;
    else this.#enqueue({ chain, step: step + 1, attempt: 1 }, next.due);
  }
}

/** Independent of whether the body is encoded yet, so that adding and removing a delivery count the same size. */
function sizeOf({ chain, step }: QueuedDelivery): number {
  return chain.steps[step]?.size ?? 0;
}
