/** Sends deliveries to an app, several at a time, and tells how each was answered. */
import { setTimeout as sleep } from "node:timers/promises";

import type { Pool } from "undici";

import { systemCode, UnavailableError } from "../errors.ts";
import { Queue } from "../queue.ts";
import type { Finding } from "../report/finding.ts";
import { adviseOnFailure } from "../webhook/advice.ts";
import { judge, type Answer, type Expectation } from "./expect.ts";
import type { Outgoing, Prepared } from "./prepare.ts";

export interface Target {
  to: URL;
  /** How many are in flight at once. */
  concurrency: number;
  /** For one answer, in milliseconds. */
  timeout: number;
  signal: AbortSignal;
}

/** One delivery and its answer. */
export interface Delivered {
  fixture: string;
  /** The first time round is 1. */
  round: number;
  /** How many were done with this one, and how many there are. */
  done: number;
  total: number;
  to: string;
  /** Nothing when the app gave no answer. */
  status?: number;
  ms: number;
  ok: boolean;
  findings: Finding[];
}

const POLL_MS = 100;
const MAX_ANSWER_BYTES = 1024 * 1024;

/** Nobody is there: no use in trying the next delivery. */
const UNREACHABLE = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);

/**
 * Delivers everything `repeat` times and yields in the order of the answers. Throws an `UnavailableError` when nobody has answered a
 * single delivery and a connection is refused; stops early when the signal aborts.
 */
export async function* deliver(
  prepared: readonly Prepared[],
  repeat: number,
  target: Target,
  expectation: Expectation,
): AsyncGenerator<Delivered, void, void> {
  const { to, concurrency, timeout, signal } = target;
  const { Pool } = await import("undici");
  const pool = new Pool(to.origin, {
    connections: concurrency,
    headersTimeout: timeout,
    bodyTimeout: timeout,
    connectTimeout: timeout,
  });
  const total = prepared.length * repeat;
  const [next, progress] = [counter(total), { done: 0, met: false }];
  const results = new Queue<Delivered>();
  const work = async (): Promise<void> => {
    for (let index = next(); index !== undefined && !signal.aborted; index = next()) {
      const { name, request } = prepared[index % prepared.length] as Prepared;
      const answer = await post(pool, to, request(), timeout);
      if (answer.unreachable === true && !progress.met) throw nobody(to, answer.failure);
      if (answer.unreachable !== true) progress.met = true;
      if (signal.aborted) return;
      const round = Math.floor(index / prepared.length) + 1;
      const place = { fixture: name, round, done: ++progress.done, total, to: to.href };
      results.add(resultOf(answer, place, expectation));
    }
  };
  const working = Promise.all(Array.from({ length: Math.min(concurrency, total) }, work)).then(
    () => results.end(),
    (error: unknown) => results.end(error),
  );
  const stop = () => void pool.destroy();
  signal.addEventListener("abort", stop, { once: true });
  try {
    yield* results;
  } finally {
    signal.removeEventListener("abort", stop);
    await pool.destroy();
    await working;
  }
}

function counter(total: number): () => number | undefined {
  let index = 0;
  return () => (index < total ? index++ : undefined);
}

type Place = Pick<Delivered, "fixture" | "round" | "done" | "total" | "to">;

function resultOf({ status, ms, failure }: Answer, place: Place, expectation: Expectation): Delivered {
  const answer = { ms, ...(status === undefined ? {} : { status }), ...(failure === undefined ? {} : { failure }) };
  const findings = judge(answer, expectation);
  const ok = findings.every((finding) => finding.status !== "fail");
  return { ...place, ...(status === undefined ? {} : { status }), ms, ok, findings };
}

async function post(
  pool: Pool,
  to: URL,
  { body, headers }: Outgoing,
  timeout: number,
): Promise<Answer & { unreachable?: boolean }> {
  const started = performance.now();
  try {
    const path = `${to.pathname}${to.search}`;
    const { statusCode: status, body: answer } = await pool.request({ path, method: "POST", headers, body });
    await readToEnd(answer);
    return { status, ms: performance.now() - started };
  } catch (error) {
    const unreachable = UNREACHABLE.has(systemCode(error) ?? "");
    return { ms: performance.now() - started, failure: adviseOnFailure(error, to.origin, timeout), unreachable };
  }
}

/** An answer that breaks off is none, so it is read to its end; an endless one is cut. */
async function readToEnd(answer: AsyncIterable<Buffer>): Promise<void> {
  let size = 0;
  for await (const chunk of answer) {
    size += chunk.length;
    if (size > MAX_ANSWER_BYTES) return;
  }
}

/** Waits until something at the app's address speaks HTTP, whatever it answers. Throws an `UnavailableError` after `patience` ms. */
export async function waitFor(to: URL, patience: number, signal: AbortSignal): Promise<void> {
  const { Client } = await import("undici");
  const deadline = performance.now() + patience;
  while (!signal.aborted) {
    const client = new Client(to.origin, { headersTimeout: 2000, connectTimeout: 2000 });
    try {
      const { body } = await client.request({ path: "/", method: "GET" });
      await body.dump();
      return;
    } catch {
      if (performance.now() > deadline) throw nobody(to, `nobody answers at ${to.origin} after ${patience / 1000} s`);
      await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
    } finally {
      await client.destroy();
    }
  }
}

function nobody({ origin }: URL, reason = `nobody answers at ${origin}`): UnavailableError {
  return new UnavailableError(reason, {
    code: "app.unreachable",
    hint: "start it first (wa-hook listen, or your app with --to 3000), or wait for it with --wait 30s",
  });
}
