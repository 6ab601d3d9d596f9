/** Delivers signed webhooks to every subscribed app: each when it is due, in order per message, with retries until the app responds with 200. */
import { BATCH_MS, MAX_BATCH_BYTES, mergeBodies } from "../../webhook/batch.ts";
import { disturbance, type ChaosKind } from "../../webhook/chaos.ts";
import type { App, Apps } from "../account/apps.ts";
import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import type { History } from "../messaging/history.ts";
import type { Callbacks, Target } from "./callbacks.ts";
import { disturb, type DeliveryChain, type Step } from "./chain.ts";
import { CONNECTIONS, Posters } from "./posters.ts";
import { Schedule } from "./schedule.ts";

/** One step of a chain for one app. */
interface Update {
  chain: DeliveryChain;
  step: number;
}

/** One POST to one app; its updates are more than one only in a batch. */
interface QueuedDelivery {
  app: App;
  updates: readonly Update[];
  /** Counted from 1. */
  attempt: number;
  due: number;
  /** Encoded for the first attempt; retries send the same bytes. */
  body?: Buffer;
}

interface Context {
  apps: Apps;
  callbacks: Callbacks;
  clock: Clock;
  history: History;
  log: Log;
  retryMs: readonly number[];
  /** The most updates in one POST; 1: no batches. */
  batch: number;
  chaos: readonly ChaosKind[];
  /** How many times as fast as Meta. */
  timeScale: number;
  seed: string;
}

const MAX_QUEUED = 10_000;
const MAX_QUEUED_BYTES = 64 * 1024 * 1024;
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export class Deliveries {
  readonly #context: Context;
  readonly #queue = new Schedule<QueuedDelivery>();
  readonly #posters = new Posters();
  readonly #settledListeners: (() => void)[] = [];
  /** The number of chains with unsent webhooks, counted once for each app. */
  #openChains = 0;
  #queuedBytes = 0;
  #inFlight = 0;
  #dropped = 0;
  /** The number of webhooks that chaos has planned so far. */
  #planned = 0;
  #timer: NodeJS.Timeout | undefined;
  #timerAt = Infinity;
  #closed = false;

  constructor(context: Context) {
    this.#context = context;
  }

  /** Queues the webhooks of a chain for every app that subscribes to their field. */
  add(chain: DeliveryChain): void {
    if (chain.steps.length === 0) return;
    const targets = this.#context.callbacks.targets(chain.field, chain.phoneNumberId);
    if (targets.length === 0) return this.#warnUnsent(chain.field);
    const chains = this.#disturbed(chain);
    for (const { app } of targets) {
      for (const each of chains) {
        this.#openChains++;
        this.#enqueueUpdate(app, { chain: each, step: 0 });
      }
    }
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
    await this.#posters.close();
    for (const resolve of this.#settledListeners.splice(0)) resolve();
  }

  #idle(): boolean {
    return this.#openChains === 0 && this.#inFlight === 0;
  }

  #disturbed(chain: DeliveryChain): DeliveryChain[] {
    const { chaos, seed, timeScale } = this.#context;
    if (chaos.length === 0) return [chain];
    return disturb(
      chain,
      chain.steps.map(() => disturbance(seed, this.#planned++, chaos)),
      { bursts: chaos.includes("burst"), timeScale },
    );
  }

  /** Emits a warning once when nobody gets messages. */
  #warnUnsent(field: string): void {
    const { apps, callbacks, log, clock } = this.#context;
    const target = callbacks.target(field, apps.own.id);
    if (field !== "messages" || !("reason" in target)) return;
    log.warnOnce(`webhooks are not sent: ${target.reason}`, clock.now());
  }

  #enqueueUpdate(app: App, update: Update): void {
    const due = stepOf(update)?.due ?? 0;
    const { batch } = this.#context;
    this.#enqueue({ app, updates: [update], attempt: 1, due: batch > 1 ? Math.ceil(due / BATCH_MS) * BATCH_MS : due });
  }

  #enqueue(delivery: QueuedDelivery): void {
    const size = sizeOf(delivery);
    while (this.#queue.size >= MAX_QUEUED || this.#queuedBytes + size > MAX_QUEUED_BYTES) {
      if (!this.#dropOldest()) break;
    }
    this.#queue.add(delivery, delivery.due);
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
    if (oldest.attempt === 1) this.#openChains -= oldest.updates.length;
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
      const first = this.#dequeue() as QueuedDelivery;
      this.#attempt(this.#batched(first, now)).catch((error: unknown) =>
        this.#context.log.reportBug(error, this.#context.clock.now()),
      );
    }
    this.#armTimer();
    if (this.#idle()) for (const resolve of this.#settledListeners.splice(0)) resolve();
  }

  /** Adds other due updates for the same app and URL, up to the size of a batch. */
  #batched(first: QueuedDelivery, now: number): QueuedDelivery {
    const { batch } = this.#context;
    if (batch === 1 || first.attempt > 1) return first;
    const url = this.#targetOf(first)?.url;
    if (url === undefined) return first;
    const updates = [...first.updates];
    const others: QueuedDelivery[] = [];
    let bytes = sizeOf(first);
    while (updates.length < batch && (this.#queue.next ?? Infinity) <= now) {
      const next = this.#dequeue() as QueuedDelivery;
      const fits = bytes + sizeOf(next) <= MAX_BATCH_BYTES && next.attempt === 1 && this.#targetOf(next)?.url === url;
      if (!fits || next.app !== first.app) others.push(next);
      else {
        bytes += sizeOf(next);
        for (const update of next.updates) updates.push(update);
      }
    }
    for (const other of others) this.#enqueue(other);
    return { ...first, updates };
  }

  #targetOf({ app, updates: [update] }: QueuedDelivery): Target | undefined {
    if (update === undefined) return undefined;
    const { field, phoneNumberId } = update.chain;
    const target = this.#context.callbacks.target(field, app.id, phoneNumberId);
    return "url" in target ? target : undefined;
  }

  async #attempt(delivery: QueuedDelivery): Promise<void> {
    const target = this.#targetOf(delivery);
    if (target === undefined) {
      // The app was unsubscribed in the meantime, which ends the chains.
      if (delivery.attempt === 1) this.#openChains -= delivery.updates.length;
      return;
    }
    this.#inFlight++;
    delivery.body ??= this.#bodyOf(delivery);
    const started = performance.now();
    const { url, app } = target;
    const result = await this.#posters.post(new URL(url), delivery.body, app.secret);
    this.#inFlight--;
    if (this.#closed) return;
    this.#recordResult(delivery, { url, ms: performance.now() - started, ...result });
    if (delivery.attempt === 1) for (const update of delivery.updates) this.#enqueueNext(app, update);
    this.#sendDue();
  }

  /** Each update in the version in which the app subscribed to its field. */
  #bodyOf({ app, updates }: QueuedDelivery): Buffer {
    const bodies = updates.flatMap((update) => {
      const target = this.#context.callbacks.target(update.chain.field, app.id);
      return stepOf(update)?.body("version" in target ? target.version : "") ?? [];
    });
    return mergeBodies(bodies);
  }

  #recordResult(delivery: QueuedDelivery, result: { url: string; ms: number; status?: number; advice?: string }): void {
    const { apps, clock, history, log, retryMs } = this.#context;
    const { app, updates, attempt } = delivery;
    const [first] = updates;
    const step = first && stepOf(first);
    if (first === undefined || step === undefined) return;
    const delay = result.status === 200 ? undefined : retryMs[attempt - 1];
    log.emit({
      type: "webhook",
      at: clock.now(),
      group: first.chain.group,
      kind: step.kind,
      id: first.chain.id,
      attempt,
      ...result,
      ...(delay === undefined ? {} : { retryInMs: delay }),
      ...(step.summary === undefined ? {} : { summary: step.summary }),
      ...(updates.length === 1 ? {} : { updates: updates.length }),
      ...(app === apps.own ? {} : { app: app.name }),
    });
    const state = result.status === 200 ? "DELIVERED" : delay === undefined ? "FAILED" : "RETRYING";
    const error = result.advice === undefined ? {} : { error: result.advice };
    for (const update of updates) {
      if (update.chain.group !== "status") continue;
      const status = stepOf(update)?.kind.toUpperCase() ?? "";
      const event = { status, at: clock.seconds(), state, url: result.url, appId: app.id, ...error } as const;
      history.record(update.chain.id, event);
    }
    if (delay !== undefined) this.#enqueue({ ...delivery, attempt: attempt + 1, due: clock.elapsed() + delay });
  }

  /** Queues the next webhook of the chain. */
  #enqueueNext(app: App, { chain, step }: Update): void {
    if (chain.steps[step + 1] === undefined) this.#openChains--;
    else this.#enqueueUpdate(app, { chain, step: step + 1 });
  }
}

function stepOf({ chain, step }: Update): Step | undefined {
  return chain.steps[step];
}

/** Independent of whether the body is encoded yet, so that adding and removing a delivery count the same size. */
function sizeOf({ updates }: QueuedDelivery): number {
  return updates.reduce((sum, update) => sum + (stepOf(update)?.size ?? 0), 0);
}
