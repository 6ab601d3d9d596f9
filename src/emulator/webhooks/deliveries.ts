/** Webhooks out: each at its time, signed, in order for one message, and again until the app answers 200. */
import { openPoster, type Poster } from "../../http/post.ts";
import { adviseOnFailure, adviseOnStatus } from "../../webhook/advice.ts";
import { META_HEADERS, signatures } from "../../webhook/headers.ts";
import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import type { History } from "../messaging/history.ts";
import type { Account } from "../options.ts";
import type { Callbacks } from "./callbacks.ts";
import { Schedule } from "./schedule.ts";

/** Webhooks about one message: each goes out when it is due and the app has answered the one before. */
export interface Chain {
  id: string;
  group: "message" | "status";
  steps: readonly Step[];
}

interface Step {
  kind: string;
  /** By the clock's `elapsed`. */
  due: number;
  /** What it takes in memory while it waits, in bytes. */
  size: number;
  /** The bytes to send. */
  body(): Buffer;
}

interface Waiting {
  chain: Chain;
  step: number;
  /** The first is 1. */
  attempt: number;
  /** Once it was made; it stays the same in every attempt. */
  body?: Buffer;
}

interface Around {
  account: Account;
  callbacks: Callbacks;
  clock: Clock;
  history: History;
  log: Log;
  retryMs: readonly number[];
}

const CONNECTIONS = 32;
const TIMEOUT_MS = 20_000;
const MAX_WAITING = 10_000;
const MAX_WAITING_BYTES = 64 * 1024 * 1024;
const MAX_POSTERS = 8;
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export class Deliveries {
  readonly #around: Around;
  readonly #waiting = new Schedule<Waiting>();
  readonly #posters = new Map<string, Promise<Poster>>();
  readonly #settling: (() => void)[] = [];
  /** Chains that have not come to their end. */
  #chains = 0;
  #waitingBytes = 0;
  #inFlight = 0;
  #dropped = 0;
  #timer: NodeJS.Timeout | undefined;
  #timerAt = Infinity;
  #closed = false;

  constructor(around: Around) {
    this.#around = around;
  }

  add(chain: Chain): void {
    if (chain.steps.length === 0 || this.#goal() === undefined) return;
    this.#chains++;
    this.#wait({ chain, step: 0, attempt: 1 }, chain.steps[0]?.due ?? 0);
    this.#arm();
  }

  /** Sends what is due; to be called when the clock was advanced. */
  hurry(): void {
    this.#pump();
  }

  /** Resolves when every chain is at its end and no answer is awaited; what waits for another attempt may still wait. */
  async settled(): Promise<void> {
    if (this.#closed || this.#idle()) return;
    await new Promise<void>((resolve) => this.#settling.push(resolve));
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    const posters = [...this.#posters.values()];
    this.#posters.clear();
    await Promise.allSettled(posters.map(async (poster) => (await poster).close()));
    for (const resolve of this.#settling.splice(0)) resolve();
  }

  #idle(): boolean {
    return this.#chains === 0 && this.#inFlight === 0;
  }

  /** The callback URL; when there is none, it is told why, once. */
  #goal(): string | undefined {
    const { account, callbacks, log, clock } = this.#around;
    const goal = callbacks.forMessages(account.appId);
    if ("url" in goal) return goal.url;
    log.once(`webhooks go nowhere: ${goal.reason}`, clock.now());
    return undefined;
  }

  #wait(waiting: Waiting, due: number): void {
    const size = sizeOf(waiting);
    while (this.#waiting.size >= MAX_WAITING || this.#waitingBytes + size > MAX_WAITING_BYTES) {
      if (!this.#drop()) break;
    }
    this.#waiting.add(waiting, due);
    this.#waitingBytes += size;
  }

  #take(): Waiting | undefined {
    const first = this.#waiting.take();
    if (first !== undefined) this.#waitingBytes -= sizeOf(first);
    return first;
  }

  /** Whether there was one to drop. */
  #drop(): boolean {
    const oldest = this.#take();
    if (oldest === undefined) return false;
    if (oldest.attempt === 1) this.#chains--;
    this.#dropped++;
    if (this.#dropped % 1000 !== 1) return true;
    const message = `more than ${MAX_WAITING} webhooks, or 64 MB of them, wait: ${this.#dropped} so far were dropped, the oldest first`;
    this.#around.log.tell({ type: "note", at: this.#around.clock.now(), message });
    return true;
  }

  /** One timer, for what is due first. */
  #arm(): void {
    const due = this.#waiting.next;
    if (due === undefined || due >= this.#timerAt || this.#inFlight >= CONNECTIONS || this.#closed) return;
    clearTimeout(this.#timer);
    this.#timerAt = due;
    const ms = Math.max(0, Math.ceil(due - this.#around.clock.elapsed()));
    this.#timer = setTimeout(() => this.#pump(), Math.min(ms, LONGEST_TIMER_MS));
  }

  #pump(): void {
    if (this.#closed) return;
    clearTimeout(this.#timer);
    this.#timerAt = Infinity;
    const now = this.#around.clock.elapsed();
    while (this.#inFlight < CONNECTIONS && (this.#waiting.next ?? Infinity) <= now) {
      this.#attempt(this.#take() as Waiting).catch((error: unknown) =>
        this.#around.log.bug(error, this.#around.clock.now()),
      );
    }
    this.#arm();
    if (this.#idle()) for (const resolve of this.#settling.splice(0)) resolve();
  }

  async #attempt(waiting: Waiting): Promise<void> {
    const url = this.#goal();
    if (url === undefined) {
      // Somebody has unsubscribed in between: the rest of the chain has nowhere to go either.
      if (waiting.attempt === 1) this.#chains--;
      return;
    }
    this.#inFlight++;
    waiting.body ??= waiting.chain.steps[waiting.step]?.body() ?? Buffer.alloc(0);
    const started = performance.now();
    const answered = await this.#post(new URL(url), waiting.body);
    this.#inFlight--;
    if (this.#closed) return;
    this.#answered(waiting, { url, ms: performance.now() - started, ...answered });
    if (waiting.attempt === 1) this.#proceed(waiting);
    this.#pump();
  }

  async #post(url: URL, body: Buffer): Promise<{ status?: number; advice?: string }> {
    try {
      const poster = await this.#posterTo(url);
      const headers = [...META_HEADERS, ...signatures(body, this.#around.account.appSecret)];
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

  #answered(waiting: Waiting, result: { url: string; ms: number; status?: number; advice?: string }): void {
    const { clock, history, log, retryMs } = this.#around;
    const { chain, step, attempt } = waiting;
    const { id, group } = chain;
    const kind = chain.steps[step]?.kind ?? "";
    const pause = result.status === 200 ? undefined : retryMs[attempt - 1];
    const next = pause === undefined ? {} : { next: pause };
    log.tell({ type: "webhook", at: clock.now(), group, kind, id, attempt, ...result, ...next });
    const state = result.status === 200 ? "DELIVERED" : pause === undefined ? "FAILED" : "RETRYING";
    const fault = result.advice === undefined ? {} : { fault: result.advice };
    const event = { status: kind.toUpperCase(), at: clock.seconds(), state, url: result.url, ...fault } as const;
    if (group === "status") history.record(id, event);
    if (pause !== undefined) this.#wait({ ...waiting, attempt: attempt + 1 }, clock.elapsed() + pause);
  }

  /** To the next step of the chain. */
  #proceed({ chain, step }: Waiting): void {
    const next = chain.steps[step + 1];
    if (next === undefined) this.#chains--;
    else this.#wait({ chain, step: step + 1, attempt: 1 }, next.due);
  }
}

/** The same whether its body was made already or not, so that what is added can be taken away. */
function sizeOf({ chain, step }: Waiting): number {
  return chain.steps[step]?.size ?? 0;
}
