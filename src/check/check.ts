/** Checks an endpoint as Meta would use it: sends test deliveries, and names what is wrong with the app. */
import { rootCertificates } from "node:tls";

import { UsageError } from "../errors.ts";
import { httpUrl } from "../http/url.ts";
import { requireSecret } from "../secret.ts";
import { globOf } from "../webhook/words.ts";
import { conclude, type Conclusion } from "./conclusion.ts";
import { AppEnded, Endpoint, interrupted } from "./endpoint.ts";
import type { CheckOptions } from "./options.ts";
import { findingOf, notChecked, type CheckFinding, type Probe, type Requirement } from "./probe.ts";
import { probes } from "./probes/index.ts";

/** What a check reports while it runs: the probe that it waits for, and each finding. */
export type CheckStep =
  /** A probe starts; `done` of `total` probes came before it. */
  { type: "checking"; code: string; title: string; done: number; total: number } | ({ type: "finding" } & CheckFinding);

/** All findings of a check, and what follows from them. */
export interface CheckResult {
  /** In the order of `probes`. */
  findings: CheckFinding[];
  /** Empty when nothing is wrong. */
  conclusions: Conclusion[];
  /** The requests that were sent. */
  requests: number;
  /** The duration. */
  ms: number;
}

/**
 * Yields findings in the order of `probes`, and returns all of them with what follows from them. Sends about 400 requests with test
 * deliveries to the endpoint. Throws an `UnavailableError` when nothing responds there, a `UsageError` when an option cannot be used,
 * and an `InterruptedError` when the signal aborts.
 */
export async function* check(options: CheckOptions): AsyncGenerator<CheckStep, CheckResult, void> {
  const selected = select(validated(options));
  const started = performance.now();
  const endpoint = new Endpoint(options, options.ca === undefined ? undefined : [...rootCertificates, options.ca]);
  const stop = () => void endpoint.close();
  endpoint.signal.addEventListener("abort", stop, { once: true });
  try {
    const run = new Run(endpoint, selected);
    const findings: CheckFinding[] = [];
    for (const [done, probe] of selected.entries()) {
      yield { type: "checking", code: probe.code, title: probe.title, done, total: selected.length };
      const finding = await run.finding(probe);
      if (endpoint.signal.aborted) throw interrupted();
      findings.push(finding);
      yield { type: "finding", ...finding };
    }
    const { requests } = endpoint;
    return { findings, conclusions: conclude(findings), requests, ms: performance.now() - started };
  } finally {
    endpoint.signal.removeEventListener("abort", stop);
    await endpoint.close();
  }
}

function validated(options: CheckOptions): CheckOptions {
  requireSecret(options.appSecret, "appSecret");
  if (options.verifyToken !== undefined) requireSecret(options.verifyToken, "verifyToken");
  if (httpUrl(String(options.url)) !== undefined) return options;
  throw new UsageError("url must be an http: or https: URL", { code: "check.url" });
}

/** The probes of `only` with all that they need, without those of `skip`. Throws a `UsageError` for a pattern without a probe. */
function select({ only, skip = [] }: CheckOptions): Probe[] {
  for (const pattern of [...(only ?? []), ...skip]) {
    if (!probes.some(({ code }) => fits(code, [pattern]))) throw unknownProbe(pattern);
  }
  const left = probes.filter(({ code }) => !fits(code, skip));
  if (only === undefined) return left;
  const wanted = new Set<string>();
  const add = ({ code, needs }: Probe): void => {
    if (wanted.has(code)) return;
    wanted.add(code);
    for (const probe of left) if (needs.includes(probe.code)) add(probe);
  };
  for (const probe of left) if (fits(probe.code, only)) add(probe);
  return left.filter(({ code }) => wanted.has(code));
}

function fits(code: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => globOf(pattern).test(code) || code.startsWith(`${pattern}.`));
}

function unknownProbe(pattern: string): UsageError {
  const names = [...new Set(probes.map(({ code }) => code.replace(/\..*/, ".*")))].join(", ");
  return new UsageError(`no probe has the code ${pattern}`, { code: "check.probe", hint: `the topics are ${names}` });
}

/** Runs probes: those with a turn one by one, the others at the same time, each after what it needs. */
class Run {
  readonly #endpoint: Endpoint;
  readonly #findings = new Map<string, Promise<CheckFinding>>();
  readonly #probes: readonly Probe[];

  constructor(endpoint: Endpoint, selected: readonly Probe[]) {
    this.#endpoint = endpoint;
    this.#probes = selected;
    const first = this.#inTurn("first", Promise.resolve());
    const others = selected.filter(({ turn }) => turn === undefined);
    const all = others.map((probe) => this.#start(probe, first));
    void this.#inTurn("last", Promise.allSettled(all));
  }

  finding({ code }: Probe): Promise<CheckFinding> {
    return this.#findings.get(code) as Promise<CheckFinding>;
  }

  #inTurn(turn: Probe["turn"], after: Promise<unknown>): Promise<unknown> {
    let last = after;
    for (const probe of this.#probes) if (probe.turn === turn) last = this.#start(probe, last);
    return last;
  }

  #start(probe: Probe, after: Promise<unknown>): Promise<unknown> {
    const finding = after.then(() => this.#run(probe));
    // An error is thrown where the finding is awaited.
    finding.catch(() => undefined);
    this.#findings.set(probe.code, finding);
    return finding;
  }

  async #run(probe: Probe): Promise<CheckFinding> {
    const reason = lacks(probe.requires, this.#endpoint) ?? (await this.#unmet(probe));
    if (reason !== undefined) return findingOf(probe, notChecked(reason));
    try {
      const [finding] = await probe.run(this.#endpoint);
      return { ...finding, why: probe.why } as CheckFinding;
    } catch (error) {
      if (error instanceof AppEnded) return findingOf(probe, notChecked("the app has stopped responding"));
      throw error;
    }
  }

  /** Why a probe means nothing: what it needs has failed, or has not been checked for a reason of its own. */
  async #unmet({ needs }: Probe): Promise<string | undefined> {
    for (const probe of this.#probes) {
      if (!needs.includes(probe.code)) continue;
      const { status, got } = await this.finding(probe);
      if (status === "fail") return probe.blocks;
      // What is not there cannot be in the way.
      if (status === "skip" && probe.requires !== "https") return got.replace(/^not checked: /, "");
    }
    return undefined;
  }
}

function lacks(requirement: Requirement | undefined, { url, verifyToken, answers }: Endpoint): string | undefined {
  if (requirement === "https" && url.protocol !== "https:") return "plain http";
  if (requirement === "verify token" && verifyToken === undefined) return "no verify token is set";
  if (requirement === "answers" && answers === undefined) return "what the app sends is not observed: use --emulate";
  return undefined;
}
