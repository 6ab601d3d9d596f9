/** Sends deliveries to an app, several at a time, and yields the result of each. */
import { setTimeout as sleep } from "node:timers/promises";

import { systemCode, UnavailableError } from "../errors.ts";
import { Broadcast } from "../events.ts";
import { loopbackUrls } from "../http/loopback.ts";
import { openPoster, type Outgoing, type Poster } from "../http/post.ts";
import type { Finding } from "../report/finding.ts";
import { adviseOnFailure } from "../webhook/advice.ts";
import { VERDICT_HEADER } from "../webhook/headers.ts";
import { judge, type AppResponse, type Expectation } from "./expect.ts";
import type { Load, Turn } from "./load.ts";

export interface Target {
  to: URL;
  /** The number of concurrent requests. */
  concurrency: number;
  /** Timeout of one request, in milliseconds. */
  timeout: number;
  signal: AbortSignal;
  /** Playback speed of the recorded times; without it, there are no pauses. */
  speed?: number;
}

/** One delivery and its result. */
export interface Delivered {
  fixture: string;
  /** The first round is 1. */
  round: number;
  /** The number of deliveries so far, and in total if known. */
  done: number;
  total?: number;
  to: string;
  /** Missing when there was no response. */
  status?: number;
  /** The verdict of a wa-hook listener. A duplicate was not forwarded to the app. */
  verdict?: string;
  /** Whether the body contains escapes that `JSON.stringify` would not write, such as `\/`. */
  escaped: boolean;
  ms: number;
  ok: boolean;
  findings: Finding[];
}

const POLL_MS = 100;
const POLL_TIMEOUT_MS = 2000;
/** Connection errors after which further deliveries are pointless. */
const UNREACHABLE = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);

/** With more unread results than this, sending pauses until the reader has read all of them. */
const MAX_UNREAD = 1000;

/**
 * Delivers everything and yields results in the order of the responses. Throws an `UnavailableError` when a connection fails before
 * any response, and the errors of the load after the last response. Stops early when the signal aborts.
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
      const response = await post(poster, outgoing, target);
      if (response.unreachable === true && !progress.responded) throw unreachable(to, response.failure);
      if (response.unreachable !== true) progress.responded = true;
      if (signal.aborted) return;
      const known = total === undefined ? {} : { total };
      const escaped = hasEscapes(outgoing.body);
      const about = { fixture: prepared.name, round, done: ++progress.done, ...known, to: to.href, escaped };
      unread.add();
      results.emit(resultOf(response, about, expectation));
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

/** Waits until a delivery is due, according to the times of its events. */
function pacer(load: Load, { speed, signal }: Target): (turn: Turn) => Promise<void> | undefined {
  if (speed === undefined) return () => undefined;
  const started = performance.now();
  let { first } = load;
  const length = load.length + 1;
  return async ({ prepared, round }) => {
    const at = await prepared.at();
    // Streamed input has its first time only now.
    first ??= at;
    const due = (round - 1) * length + (at === undefined || first === undefined ? 0 : at - first);
    const left = started + (due * 1000) / speed - performance.now();
    if (left > 0) await sleep(left, undefined, { signal }).catch(() => undefined);
  };
}

type About = Pick<Delivered, "fixture" | "round" | "done" | "total" | "to" | "escaped">;

function resultOf(
  { status, ms, failure, verdict }: AppResponse & Verdict,
  about: About,
  expectation: Expectation,
): Delivered {
  const response = { ms, ...(status === undefined ? {} : { status }), ...(failure === undefined ? {} : { failure }) };
  const findings = judge(response, expectation);
  const ok = findings.every((finding) => finding.status !== "fail");
  return {
    ...about,
    ...(status === undefined ? {} : { status }),
    ...(verdict === undefined ? {} : { verdict }),
    ms,
    ok,
    findings,
  };
}

interface Verdict {
  verdict?: string | undefined;
}

function hasEscapes(body: Uint8Array): boolean {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  return bytes.includes(String.raw`\/`) || bytes.includes(String.raw`\u`);
}

async function post(
  poster: Poster,
  outgoing: Outgoing,
  { to, timeout }: Target,
): Promise<AppResponse & Verdict & { unreachable?: boolean }> {
  const started = performance.now();
  try {
    const { status, headers } = await poster.post(outgoing);
    const ms = performance.now() - started;
    const verdict = headers[VERDICT_HEADER];
    return { status, ms, ...(typeof verdict === "string" ? { verdict } : {}) };
  } catch (error) {
    const failure = adviseOnFailure(error, to.origin, timeout);
    return { ms: performance.now() - started, failure, unreachable: UNREACHABLE.has(systemCode(error) ?? "") };
  }
}

/**
 * Waits until the origin responds to `GET /` with any status. Throws an `UnavailableError` after `timeoutMs` milliseconds.
 */
export async function waitFor(to: URL, timeoutMs: number, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!signal.aborted) {
    try {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(POLL_TIMEOUT_MS)]);
      const respond = async ({ origin }: URL): Promise<void> => {
        const response = await fetch(origin, { redirect: "manual", signal: limit });
        await response.body?.cancel();
      };
      await Promise.any(loopbackUrls(to).map(respond));
      return;
    } catch {
      if (performance.now() > deadline)
        throw unreachable(to, `no response from ${to.origin} after ${timeoutMs / 1000} s`);
      await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}

function unreachable({ origin }: URL, reason = `no response from ${origin}`): UnavailableError {
  return new UnavailableError(reason, {
    code: "app.unreachable",
    hint: "start wa-hook listen, or your app with --to <port>; --wait 30s waits until it is up",
  });
}
