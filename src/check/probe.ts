/** One probe of an endpoint: what it asks, why, what it needs, and how it becomes a finding. */
import type { Finding } from "../report/finding.ts";
import { mistakeOf, type MistakeCode } from "../webhook/mistakes.ts";
import type { Endpoint } from "./endpoint.ts";

/** One question about an endpoint. */
export interface Probe {
  /** Stable, for programs: `signature.missing`. The part before the dot is its topic. */
  code: string;
  title: string;
  expected: string;
  /** Why it matters, in one sentence. */
  why: string;
  /** Where Meta documents it: a URL. */
  source?: string;
  /** What a negative result is: `fail` when Meta documents it or anyone can abuse it, `warn` when it is wise. */
  severity: "fail" | "warn";
  /** Codes of probes that must pass, because the result means nothing otherwise. */
  needs: readonly string[];
  /** What the check must have been given. */
  requires?: Requirement;
  /** What is so when this probe fails: the reason for which probes that need it are skipped. */
  blocks: string;
  /** Probes with a turn run alone, before or after all others; the others run at the same time. */
  turn?: "first" | "last";
  run(endpoint: Endpoint): Promise<Finding[]>;
}

export type Requirement = "verify token" | "answers" | "https";

/** What a probe found out. */
export interface Outcome {
  verdict: "pass" | "skip" | "warn" | "bad";
  got: string;
  /** Which mistake of the app it is. */
  mistake?: MistakeCode;
  /** Default: the fix of the mistake. */
  fix?: string;
}

/** A finding with the reason why it matters, and where Meta documents it: a URL. */
export type CheckFinding = Finding & Pick<Probe, "why" | "source">;

/** Gives a probe its `run` from what it asks. */
export function defineProbe(definition: Omit<Probe, "run"> & { ask(endpoint: Endpoint): Promise<Outcome> }): Probe {
  const { ask, ...probe } = definition;
  return {
    ...probe,
    async run(endpoint) {
      return [findingOf(probe, await ask(endpoint))];
    },
  };
}

export function findingOf(
  { code, title, expected, why, source, severity }: Omit<Probe, "run">,
  { verdict, got, mistake, fix = mistake && mistakeOf(mistake)?.fix }: Outcome,
): CheckFinding {
  return {
    code,
    status: verdict === "bad" ? severity : verdict,
    title,
    expected,
    got,
    why,
    ...(source === undefined ? {} : { source }),
    ...(fix === undefined ? {} : { fix }),
    ...(mistake === undefined ? {} : { reason: mistake }),
  };
}

export function pass(got: string): Outcome {
  return { verdict: "pass", got };
}

export function bad(got: string, mistake: MistakeCode, fix?: string): Outcome {
  return { verdict: "bad", got, mistake, ...(fix === undefined ? {} : { fix }) };
}

/** `not checked: …` */
export function notChecked(reason: string): Outcome {
  return { verdict: "skip", got: `not checked: ${reason}` };
}
