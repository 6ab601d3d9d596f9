/** Sends deliveries to an app, several at a time, and yields the result of each. */
import { Broadcast } from "../events.ts";
import { openPoster } from "../http/post.ts";
import type { Delivered } from "./delivered.ts";
import type { Load, Turn } from "./load.ts";
import { pacer } from "./pace.ts";
import { hasEscapes, resultOf, send, unreachable, type Judging, type Target } from "./sending.ts";

export type { Delivered } from "./delivered.ts";
export type { Target } from "./sending.ts";

/** With more unread results than this, sending pauses until the reader has read all of them. */
const MAX_UNREAD = 1000;

/**
 * Delivers everything and yields results in the order of the responses. Throws an `UnavailableError` when a connection fails before
 * any response, and the errors of the load after the last response. Stops early when the signal aborts.
 */
export async function* deliver(load: Load, target: Target, judging: Judging): AsyncGenerator<Delivered, void, void> {
  const { to, concurrency, timeout, signal } = target;
  const poster = await openPoster(to, concurrency, timeout);
  const { total } = load;
  const turns = load.turns();
  const results = new Broadcast<Delivered>();
  const delivered = results.events();
  const progress: { done: number; responded: boolean; stopped: boolean; failure?: { error: unknown } } = {
    done: 0,
    responded: false,
    stopped: false,
  };
  const unread = new Unread();
  const pace = pacer(load, target);
  const next = async (): Promise<Turn | undefined> => {
    if (unread.count > MAX_UNREAD) await unread.none();
    if (signal.aborted || progress.stopped || progress.failure !== undefined) return undefined;
    try {
      return (await turns.next()).value ?? undefined;
    } catch (error) {
      // Requests in flight are finished.
      progress.failure = { error };
      return undefined;
    }
  };
  const work = async (): Promise<void> => {
    for (let turn = await next(); turn !== undefined; turn = await next()) {
      const { prepared, round } = turn;
      await pace(turn);
      if (signal.aborted) return;
      const outgoing = prepared.request();
      const sent = await send(poster, { delivery: prepared, outgoing }, target, {
        ...judging,
        of: judging.of(prepared),
      });
      const { response } = sent;
      if (response.unreachable === true && !progress.responded) throw unreachable(to, response.failure);
      if (response.unreachable !== true) progress.responded = true;
      if (signal.aborted) return;
      const known = total === undefined ? {} : { total };
      const escaped = hasEscapes(outgoing.body);
      const about = { fixture: prepared.name, round, done: ++progress.done, ...known, to: to.href, escaped };
      unread.add();
      results.emit(resultOf(sent, about));
    }
  };
  const workers = Math.min(concurrency, total ?? concurrency);
  Promise.all(Array.from({ length: workers }, work)).then(
    () => (progress.failure === undefined ? results.end() : results.fail(progress.failure.error)),
    (error: unknown) => results.fail(error),
  );
  const stop = () => {
    void poster.close();
    // A worker may be waiting for standard input, which may never end.
    results.end();
  };
  signal.addEventListener("abort", stop, { once: true });
  try {
    for await (const result of delivered) {
      yield result;
      unread.remove();
    }
  } finally {
    progress.stopped = true;
    unread.clear();
    signal.removeEventListener("abort", stop);
    // Not awaited, because a read of standard input may never end.
    turns.return().catch(() => undefined);
    await poster.close();
  }
}

/** Counts unread results. */
class Unread {
  #count = 0;
  #waiting: (() => void)[] = [];

  get count(): number {
    return this.#count;
  }

  add(): void {
    this.#count++;
  }

  remove(): void {
    if (--this.#count === 0) this.clear();
  }

  clear(): void {
    this.#count = 0;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  /** Resolves when all results are read. */
  none(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}
