/** Delivers fixtures and payloads to an app from a test: in Meta's bytes, signed, each with the app's response. */
import { UsageError } from "../errors.ts";
import { httpUrl } from "../http/url.ts";
import { deliver as run } from "../replay/deliver.ts";
import type { Delivered } from "../replay/delivered.ts";
import { Load } from "../replay/load.ts";
import { plan, type Plan, type Sources } from "../replay/plan.ts";
import { Preparing, type Fault } from "../replay/prepare.ts";
import { isStatusExpectation } from "../replay/status.ts";
import { requireSecret } from "../secret.ts";

/**
 * One or more deliveries: the name of a bundled fixture (`text`), a pattern (`status.*`), the path of a JSON file, of an NDJSON file or of
 * a folder, a payload, or the exact bytes of a body.
 */
export type DeliverySource = string | object | Uint8Array;

/** Where deliveries are sent, how they are signed, and what is changed in them. */
export interface ReplayOptions {
  /** The app's endpoint; a number is a port, for `http://127.0.0.1:<port>/webhook`. */
  to: string | URL | number;
  /** Signs the deliveries. */
  appSecret: string;
  /** Changed values by their path inside the message, or from the root with a leading `$.`: `{ "text.body": "Hello" }`. */
  set?: Readonly<Record<string, unknown>>;
  /** The sender's number, digits only. */
  from?: string;
  /** New message ids and timestamps. Default: false, so that an app that drops duplicates drops the second delivery of a fixture. */
  fresh?: boolean;
  /** A deliberate fault, to test that the app rejects it. */
  fault?: Fault;
  /** The status that makes a result `ok`: `200`, `2xx`, `200,401`. Default: `200`, Meta's own; `4xx` with a fault. */
  status?: string;
  /** Concurrent requests, 1 to 1000. Default: 1, which keeps the order. */
  concurrency?: number;
  /** The timeout of each response, in milliseconds. Default: 10 000. */
  timeoutMs?: number;
  /** The folder of relative paths. Default: the working folder. */
  cwd?: string;
  /** Stops early: what has no response by then is not in the results. */
  signal?: AbortSignal;
}

const TIMEOUT_MS = 10_000;
const MAX_CONCURRENCY = 1000;

/**
 * Delivers everything and resolves with the results, in the order of the responses. A rejection by the app is a result that is not `ok`.
 * Rejects with a `UsageError` for an unknown name, a file that cannot be read or an invalid option, and with an `UnavailableError` when
 * nothing listens at `to`.
 */
export async function replay(
  sources: DeliverySource | readonly DeliverySource[],
  options: ReplayOptions,
): Promise<Delivered[]> {
  const list = Array.isArray(sources) ? (sources as readonly DeliverySource[]) : [sources];
  return send(await loadOf(list, options), options);
}

/**
 * Delivers exactly one thing and resolves with the app's response. Rejects like `replay`, with a `UsageError` when `source` names none or
 * several, and with the reason of the signal when it aborts.
 */
export async function deliver(source: DeliverySource, options: ReplayOptions): Promise<Delivered> {
  const load = await loadOf([source], options);
  if (load.count !== 1) {
    const name = typeof source === "string" ? source : "the payload";
    throw new UsageError(`${name} is ${load.count} deliveries, not one`, {
      code: "replay.not-one",
      hint: "use replay() for several",
    });
  }
  const [delivered] = await send(load, options);
  if (delivered === undefined) throw options.signal?.reason;
  return delivered;
}

async function send(load: Load, options: ReplayOptions): Promise<Delivered[]> {
  const { concurrency = 1, timeoutMs: timeout = TIMEOUT_MS, signal = new AbortController().signal } = options;
  const target = { to: endpointOf(options.to), concurrency, timeout, signal };
  const expectation = { status: expectedStatus(options) };
  const results: Delivered[] = [];
  for await (const delivered of run(load, target, { of: () => expectation })) results.push(delivered);
  return results;
}

async function loadOf(sources: readonly DeliverySource[], options: ReplayOptions): Promise<Load> {
  const { set = {}, from, fresh = false, fault, cwd = process.cwd(), concurrency = 1 } = options;
  if (!Number.isSafeInteger(concurrency) || concurrency < 1 || concurrency > MAX_CONCURRENCY) {
    throw invalid("concurrency", `a whole number from 1 to ${MAX_CONCURRENCY}`, concurrency);
  }
  const signing = {
    appSecret: requireSecret(options.appSecret, "appSecret"),
    ...(fault === undefined ? {} : { fault }),
  };
  const edits = { set: Object.entries(set).map(assignmentOf), fresh, ...(from === undefined ? {} : { from }) };
  const preparing = new Preparing({ edits, escape: "basic", signing, now: Date.now });
  const load = new Load(await planOf(sources, cwd), preparing, 1);
  await load.scan({ timed: false });
  return load;
}

async function planOf(sources: readonly DeliverySource[], cwd: string): Promise<Plan> {
  const plans: Plan[] = [];
  for (const [index, source] of sources.entries()) {
    plans.push(typeof source === "string" ? await plan([source], named(cwd)) : payloadPlan(source, index + 1));
  }
  return {
    again: true,
    async *steps() {
      for (const each of plans) yield* each.steps();
    },
  };
}

/** Where names lead: files and fixtures. A test has no standard input and no store of its own. */
function named(cwd: string): Sources {
  return {
    cwd,
    raw: false,
    recorded: async (id) => refuse(`@${id}`),
    // oxlint-disable-next-line require-yield -- it ends before its first line
    stdin: (async function* () {
      refuse("standard input");
    })(),
  };
}

function refuse(name: string): never {
  throw new UsageError(`${name} is read by the command wa-hook replay only`, {
    code: "replay.source",
    hint: "pass the payload, or the path of a file from wa-hook events export",
  });
}

function payloadPlan(payload: object, number: number): Plan {
  const exact = payload instanceof Uint8Array;
  const bytes = exact ? Buffer.from(payload) : Buffer.from(JSON.stringify(payload));
  return {
    again: true,
    async *steps() {
      yield { name: `payload ${number}`, bytes, exact };
    },
  };
}

function assignmentOf([path, value]: [string, unknown]): string {
  return `${path}=${typeof value === "string" ? value : JSON.stringify(value)}`;
}

function endpointOf(to: ReplayOptions["to"]): URL {
  const url = httpUrl(typeof to === "number" ? `http://127.0.0.1:${to}/webhook` : String(to));
  if (url === undefined) throw invalid("to", "a URL or a port", to);
  return url;
}

function expectedStatus({ status, fault }: ReplayOptions): string {
  const expected = status ?? (fault === undefined ? "200" : "4xx");
  if (!isStatusExpectation(expected)) throw invalid("status", "a status such as 200, 2xx or 200,401", expected);
  return expected;
}

function invalid(name: string, expected: string, got: unknown): UsageError {
  return new UsageError(`${name} must be ${expected}; got ${String(got)}`, { code: "replay.option" });
}
