/** Sends deliveries to an app, several at a time, and tells how each was answered. */
import { setTimeout as sleep } from "node:timers/promises";

import { systemCode, UnavailableError } from "../errors.ts";
import { Broadcast } from "../events.ts";
import { openPoster, type Outgoing, type Poster } from "../http/post.ts";
import type { Finding } from "../report/finding.ts";
import { adviseOnFailure } from "../webhook/advice.ts";
import { judge, type Answer, type Expectation } from "./expect.ts";
import type { Load, Turn } from "./load.ts";

export interface Target {
  to: URL;
  /** How many are in flight at once. */
  concurrency: number;
  /** For one answer, in milliseconds. */
  timeout: number;
  signal: AbortSignal;
  /** Keeps the times between the deliveries, so many times faster; without it, one follows the other. */
  speed?: number;
}

/** One delivery and its answer. */
export interface Delivered {
  fixture: string;
  /** The first time round is 1. */
  round: number;
  /** How many were done with this one, and how many there are, unless they are read while they are sent. */
  done: number;
  total?: number;
  to: string;
  /** Nothing when the app gave no answer. */
  status?: number;
  ms: number;
  ok: boolean;
  findings: Finding[];
}

const POLL_MS = 100;
const POLL_TIMEOUT_MS = 2000;
/** Nobody is there: no use in trying the next delivery. */
const UNREACHABLE = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);

/** With more unread results than this, no further delivery is sent until the reader has read all of them. */
const MAX_UNREAD = 1000;

/**
 * Delivers everything and yields in the order of the answers. Throws an `UnavailableError` when nobody has answered a single delivery and
 * a connection is refused, and after the last answer what the load throws; stops early when the signal aborts.
 */
export async function* deliver(
  load: Load,
  target: Target,
  expectation: Expectation,
): AsyncGenerator<Delivered, void, void> {
  const { to, concurrency, timeout, signal } = target;
  const poster = await openPoster(to, concurrency, timeout);
  const { total } = load;
  const turns = load.turns();
  const results = new Broadcast<Delivered>();
  const delivered = results.events();
  const progress: { done: number; met: boolean; left: boolean; fault?: { error: unknown } } = {
    done: 0,
    met: false,
    left: false,
  };
  const unread = new Unread();
  const pace = pacer(load, target);
  const next = async (): Promise<Turn | undefined> => {
    if (unread.count > MAX_UNREAD) await unread.none();
    if (signal.aborted || progress.left || progress.fault !== undefined) return undefined;
    try {
      return (await turns.next()).value ?? undefined;
    } catch (error) {
      // The others finish what they have sent.
      progress.fault = { error };
      return undefined;
    }
  };
  const work = async (): Promise<void> => {
    for (let turn = await next(); turn !== undefined; turn = await next()) {
      const { prepared, round } = turn;
      await pace(turn);
      if (signal.aborted) return;
      const answer = await post(poster, prepared.request(), target);
      if (answer.unreachable === true && !progress.met) throw nobody(to, answer.failure);
      if (answer.unreachable !== true) progress.met = true;
      if (signal.aborted) return;
      const known = total === undefined ? {} : { total };
      const place = { fixture: prepared.name, round, done: ++progress.done, ...known, to: to.href };
      unread.add();
      results.emit(resultOf(answer, place, expectation));
    }
  };
  const workers = Math.min(concurrency, total ?? concurrency);
  Promise.all(Array.from({ length: workers }, work)).then(
    () => (progress.fault === undefined ? results.end() : results.fail(progress.fault.error)),
    (error: unknown) => results.fail(error),
  );
  const stop = () => {
    void poster.close();
    // Somebody may be waiting for standard input, which need not end.
    results.end();
  };
  signal.addEventListener("abort", stop, { once: true });
  try {
    for await (const result of delivered) {
      yield result;
      unread.remove();
    }
  } finally {
    progress.left = true;
    unread.clear();
    signal.removeEventListener("abort", stop);
    // Behind a read of standard input that may never end, so it is not waited for.
    turns.return().catch(() => undefined);
    await poster.close();
  }
}

/** Counts the results that have not been read. */
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

  /** Resolves when everything has been read. */
  none(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}

/** Waits until it is a delivery's time, by when its events happened. */
function pacer(load: Load, { speed, signal }: Target): (turn: Turn) => Promise<void> | undefined {
  if (speed === undefined) return () => undefined;
  const started = performance.now();
  let { first } = load;
  const length = load.length + 1;
  return ({ prepared, round }) => {
    const at = prepared.at();
    // What is read as it comes has its first time only now.
    first ??= at;
    const due = (round - 1) * length + (at === undefined || first === undefined ? 0 : at - first);
    const left = started + (due * 1000) / speed - performance.now();
    return left > 0 ? sleep(left, undefined, { signal }).catch(() => undefined) : undefined;
  };
}

type Place = Pick<Delivered, "fixture" | "round" | "done" | "total" | "to">;

function resultOf({ status, ms, failure }: Answer, place: Place, expectation: Expectation): Delivered {
  const answer = { ms, ...(status === undefined ? {} : { status }), ...(failure === undefined ? {} : { failure }) };
  const findings = judge(answer, expectation);
  const ok = findings.every((finding) => finding.status !== "fail");
  return { ...place, ...(status === undefined ? {} : { status }), ms, ok, findings };
}

async function post(
  poster: Poster,
  outgoing: Outgoing,
  { to, timeout }: Target,
): Promise<Answer & { unreachable?: boolean }> {
  const started = performance.now();
  try {
    const { status } = await poster.post(outgoing);
    return { status, ms: performance.now() - started };
  } catch (error) {
    const unreachable = UNREACHABLE.has(systemCode(error) ?? "");
    const failure = adviseOnFailure(error, to.origin, timeout);
    return { ms: performance.now() - started, failure, unreachable };
  }
}

/**
 * Waits until something at the app's address speaks HTTP, whatever it answers to `GET /`. Throws an `UnavailableError` after `patience`
 * milliseconds.
 */
export async function waitFor(to: URL, patience: number, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + patience;
  while (!signal.aborted) {
    try {
      const giveUp = AbortSignal.any([signal, AbortSignal.timeout(POLL_TIMEOUT_MS)]);
      const response = await fetch(to.origin, { redirect: "manual", signal: giveUp });
      await response.body?.cancel();
      return;
    } catch {
      if (performance.now() > deadline) throw nobody(to, `nobody answers at ${to.origin} after ${patience / 1000} s`);
      await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}

function nobody({ origin }: URL, reason = `nobody answers at ${origin}`): UnavailableError {
  return new UnavailableError(reason, {
    code: "app.unreachable",
    hint: "start it first (wa-hook listen, or your app with --to 3000), or wait for it with --wait 30s",
  });
}
