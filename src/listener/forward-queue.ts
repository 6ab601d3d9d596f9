/** Forwards deliveries to one app until each is delivered or given up: in order per customer, with retries, across restarts. */
import { setTimeout as sleep } from "node:timers/promises";

import type { Forward } from "../store/forward.ts";
import type { ForwardStore } from "../store/store.ts";
import { Backlog, PAGE } from "./backlog.ts";
import type { ListenerEvent } from "./event.ts";
import { resultOf, shownOf, type Forwarded, type Forwarder } from "./forward.ts";
import { InFlight } from "./in-flight.ts";
import { Lanes } from "./lanes.ts";
import { aboutOf, lanesOf, type Acknowledged, type Entry, type Outbound } from "./outbound.ts";
import { Results } from "./results.ts";
import { delayAfter, type RetryPolicy } from "./retry-policy.ts";
import { Throttle } from "./throttle.ts";

interface Context {
  forwarder: Forwarder;
  store: ForwardStore;
  retry: RetryPolicy;
  emit(event: ListenerEvent): void;
  /** Called after every request to the app. */
  attempted?(forwarded: Forwarded): void;
}

/** What is held in memory; the rest stays in the store until there is room. */
const MAX_ENTRIES = 4000;
const MAX_BYTES = 64 * 1024 * 1024;
/** How often the store is asked for what another process has queued again. */
const POLL_MS = 1000;
/** A `waiting` event is emitted when the app has not responded for this long. */
const WAITING_MS = 1000;
const CANCELED = "canceled on exit before the app responded; it is forwarded again after the next start";
/** The longest `Retry-After` that is honored. */
const MAX_RETRY_AFTER_MS = 60 * 60 * 1000;

export class ForwardQueue {
  /** The endpoint of the app. */
  readonly to: string;
  readonly #context: Context;
  readonly #entries = new Map<string, Entry>();
  readonly #lanes = new Lanes<Entry>();
  /** May run now, oldest first. */
  readonly #ready: Entry[] = [];
  readonly #inFlight = new InFlight();
  readonly #throttle = new Throttle();
  readonly #results: Results;
  readonly #backlog: Backlog;
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #closing = new AbortController();
  #bytes = 0;
  /** The newest forward that has been in memory. */
  #newest = "0";
  /** Whether the store holds pending forwards that are not in memory. */
  #more = true;

  constructor(context: Context) {
    this.#context = context;
    this.to = context.forwarder.to;
    const notify = (notice: string) => context.emit({ type: "store", at: Date.now(), notice });
    this.#results = new Results(context.store, notify);
    this.#backlog = new Backlog(context.store, this.to, notify);
  }

  /** Starts with what is pending in the store, and returns how many deliveries that are, at most `PAGE`. */
  start(): number {
    const pending = this.#load();
    this.#context.store.onPending?.(this.to, (all) => this.#load(all ? "0" : this.#newest));
    void this.#poll();
    return pending;
  }

  /** The number of deliveries that wait for the app or its response, as far as they are in memory. */
  get waiting(): number {
    return this.#entries.size;
  }

  /** Whether the app can be reached, as far as is known. */
  get reachable(): boolean {
    return this.#throttle.reachable;
  }

  /** Adds a delivery that was just written. Without room it stays in the store and is read from there later. */
  add(id: string, outbound: Outbound, acknowledged: Acknowledged): void {
    if (this.#entries.has(id) || Number(id) <= Number(this.#newest)) return;
    if (this.#more || this.#isFull) this.#more = true;
    else this.#enter({ id, attempts: 0, outbound, lanes: lanesOf(outbound.events), acknowledged });
    this.#dispatch();
  }

  /** Also what is delivered and not saved: when results cannot be saved, forwarding stops in the end. */
  get #held(): number {
    return this.#entries.size + this.#results.size;
  }

  get #isFull(): boolean {
    return this.#held >= MAX_ENTRIES || this.#bytes >= MAX_BYTES;
  }

  #enter(entry: Entry, delayMs = 0): void {
    this.#entries.set(entry.id, entry);
    this.#bytes += entry.outbound.body.length;
    if (Number(entry.id) > Number(this.#newest)) this.#newest = entry.id;
    if (!this.#lanes.enter(entry)) return;
    if (delayMs > 0) this.#later(delayMs, () => this.#ready.push(entry));
    else this.#ready.push(entry);
  }

  /** Reads pending forwards until there is no room; returns how many. A store that cannot be read is tried again later. */
  #load(after = this.#newest): number {
    let loaded = 0;
    while (!this.#isFull) {
      const page = this.#backlog.page(after);
      if (!page) return loaded;
      for (const forward of page) {
        after = forward.id;
        // Delivered already, as long as the result is not saved.
        if (this.#entries.has(forward.id) || this.#results.has(forward.id)) continue;
        const entered = this.#enterStored(forward);
        if (entered === undefined) return loaded;
        if (entered) loaded++;
      }
      this.#more = page.length === PAGE;
      if (!this.#more) break;
    }
    this.#dispatch();
    return loaded;
  }

  /** Nothing when the store cannot be read now: what is behind it must wait as well. */
  #enterStored(forward: Forward): boolean | undefined {
    const { id, attempts, nextAt = 0 } = forward;
    const outbound = this.#backlog.delivery(forward);
    if (outbound === undefined) return undefined;
    if (outbound === null) {
      void this.#results.save({ id, attempts, state: "failed" });
      return false;
    }
    // Bounded, because the clock may have been set back since.
    const delayMs = Math.min(nextAt - Date.now(), this.#context.retry.delivery.capMs);
    this.#enter({ id, attempts, outbound, lanes: lanesOf(outbound.events) }, delayMs);
    return true;
  }

  /** Finds what another process has queued again, such as `wa-hook events retry`. */
  async #poll(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      await sleep(POLL_MS, undefined, { signal, ref: false }).catch(() => undefined);
      if (signal.aborted) return;
      this.#results.retry();
      if (this.#entries.size < PAGE) this.#load("0");
    }
  }

  #later(ms: number, work: () => void): void {
    if (this.#closing.signal.aborted) return;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      work();
      this.#dispatch();
    }, ms);
    this.#timers.add(timer);
  }

  #dispatch(): void {
    if (this.#closing.signal.aborted) return;
    while (this.#throttle.allows(this.#inFlight.count)) {
      const entry = this.#ready.shift();
      if (entry === undefined) break;
      void this.#attempt(entry);
    }
    if (this.#more && this.#held < MAX_ENTRIES / 2 && this.#bytes < MAX_BYTES / 2) this.#load();
  }

  async #attempt(entry: Entry): Promise<void> {
    if (this.#context.store.mayForward?.(entry.id) === false) return this.#leave(entry);
    const forwarded = await this.#send(entry.outbound, {});
    if ((await entry.acknowledged) ?? true) this.#finish(entry, forwarded);
    else this.#leave(entry);
    this.#dispatch();
  }

  /** Sends a delivery once more, at once and whatever else is waiting. It stays as it is in the store. */
  async replay(outbound: Outbound): Promise<void> {
    const replayed = { replayedAt: Date.now() };
    this.#emitForwarded(outbound, { ...replayed, ...shownOf(await this.#send(outbound, replayed)) }, 1);
  }

  /** Emits the result of an attempt that was made elsewhere. */
  report(outbound: Outbound, forwarded: Forwarded): void {
    this.#emitForwarded(outbound, shownOf(forwarded), 1);
  }

  #emitForwarded(outbound: Outbound, result: ReturnType<typeof shownOf>, attempt: number, next: object = {}): void {
    const about = { ...aboutOf(outbound), ...result, to: this.to, attempt, ...next };
    this.#context.emit({ type: "forwarded", at: Date.now(), ...about });
  }

  async #send(outbound: Outbound, replayed: { replayedAt?: number }): Promise<Forwarded> {
    const { forwarder, emit } = this.#context;
    const waiting = setTimeout(
      () => emit({ type: "waiting", ...aboutOf(outbound), ...replayed, ms: WAITING_MS }),
      WAITING_MS,
    );
    this.#inFlight.begin();
    const forwarded = await forwarder.forward(outbound);
    clearTimeout(waiting);
    this.#inFlight.end();
    this.#context.attempted?.(forwarded);
    return forwarded;
  }

  #finish(entry: Entry, forwarded: Forwarded): void {
    if (forwarded.outcome === "unreachable") return this.#returned(entry, forwarded);
    const { retry } = this.#context;
    if (forwarded.outcome === "responded") this.#reached();
    else this.#throttle.interrupted();
    const attempt = ++entry.attempts;
    const done = forwarded.status === 200;
    const gaveUp = !done && attempt >= retry.attempts;
    const retryInMs = done || gaveUp ? undefined : this.#retryDelay(attempt, forwarded);
    const next = { ...(gaveUp ? { gaveUp } : {}), ...(retryInMs === undefined ? {} : { retryInMs }) };
    this.#emitForwarded(entry.outbound, shownOf(forwarded), attempt, next);
    const state = done ? "delivered" : gaveUp ? "failed" : "pending";
    if (retryInMs === undefined) this.#leave(entry);
    else this.#later(retryInMs, () => this.#ready.push(entry));
    const at = Date.now();
    const nextAt = retryInMs === undefined ? {} : { nextAt: at + retryInMs };
    void this.#results.save({ id: entry.id, attempts: attempt, at, state, ...resultOf(forwarded), ...nextAt });
  }

  /** `Retry-After` holds back all deliveries, because the app means all of them. */
  #retryDelay(attempt: number, { retryAfterMs }: Forwarded): number {
    const delay = delayAfter(attempt, this.#context.retry.delivery);
    if (retryAfterMs === undefined) return delay;
    const wait = Math.min(retryAfterMs, MAX_RETRY_AFTER_MS);
    this.#throttle.pause(wait);
    this.#later(wait + 1, () => undefined);
    return Math.max(wait, delay);
  }

  /** The app did not get the request, so nothing is counted against the delivery. */
  #returned(entry: Entry, { advice = "", ms }: Forwarded): void {
    const { retry, emit } = this.#context;
    if (this.#closing.signal.aborted) {
      return this.#emitForwarded(entry.outbound, { ms, advice: CANCELED }, entry.attempts + 1);
    }
    this.#ready.unshift(entry);
    const wasReachable = this.#throttle.reachable;
    const retryInMs = this.#throttle.missed(retry.app);
    if (retryInMs === undefined) return;
    this.#later(retryInMs + 1, () => undefined);
    if (!wasReachable) return;
    emit({ type: "app", at: Date.now(), state: "unreachable", to: this.to, advice, retryInMs });
  }

  #reached(): void {
    const { emit } = this.#context;
    const wasReachable = this.#throttle.reachable;
    this.#throttle.responded();
    if (wasReachable) return;
    emit({ type: "app", at: Date.now(), state: "reachable", to: this.to, waiting: this.waiting });
  }

  #leave(entry: Entry): void {
    this.#entries.delete(entry.id);
    this.#bytes -= entry.outbound.body.length;
    for (const next of this.#lanes.leave(entry)) this.#ready.push(next);
  }

  /**
   * Resolves when everything that the app can get now is finished, after `timeoutMs` milliseconds at the latest. What waits for a retry
   * stays in the store.
   */
  async close(timeoutMs: number, signal?: AbortSignal): Promise<void> {
    const deadline = performance.now() + timeoutMs;
    const isOver = () => this.active === 0 || performance.now() >= deadline || signal?.aborted === true;
    while (!isOver()) {
      await this.#inFlight.none(deadline - performance.now(), signal);
      // What a response has unblocked is on its way by then.
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.#stop();
    await this.#context.forwarder.close();
    await this.#inFlight.none();
    await this.#results.none();
  }

  /** Starts no more requests. */
  #stop(): void {
    this.#closing.abort();
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  /** Deliveries that were sent and have no response, and those that can be sent now. */
  get active(): number {
    return this.#inFlight.count + (this.#throttle.allows(0) ? this.#ready.length : 0);
  }
}
