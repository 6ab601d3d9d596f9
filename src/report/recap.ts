/** Failures grouped by their reason, in bounded memory: what the human formats begin or end with. */
import type { Finding } from "./finding.ts";
import type { Suite } from "./suite.ts";

/** All failures with the same reason. */
export interface FailureGroup {
  title: string;
  /** `Status: 401, expected 200` */
  reason: string;
  fix?: string;
  count: number;
  /** The names of the first suites. */
  names: string[];
  /** The ID of the first request that shows it. */
  request?: string;
  /** How many of them are new since the last run. */
  new: number;
}

const MAX_NAMES = 5;
/** Findings can contain text of the app, so the number of reasons is limited. */
const MAX_REASONS = 50;

export class Recap {
  readonly #groups = new Map<string, FailureGroup>();

  /** Each reason once, in the order of the first failure. */
  get groups(): FailureGroup[] {
    return [...this.#groups.values()];
  }

  add(name: string, findings: readonly Finding[]): void {
    for (const finding of findings) if (finding.status === "fail") this.#add(name, finding);
  }

  #add(name: string, { code, title, expected, got, fix, request, change }: Finding): void {
    // Response times differ each time.
    const reason = `${title}: ${code === "latency" ? "" : `${got}, `}expected ${expected}`;
    const key = `${reason} ${fix}`;
    const known = this.#groups.get(key);
    if (known === undefined && this.#groups.size >= MAX_REASONS) return;
    const group = known ?? {
      title,
      reason,
      ...(fix === undefined ? {} : { fix }),
      ...(request === undefined ? {} : { request }),
      count: 0,
      names: [],
      new: 0,
    };
    group.count++;
    if (change === "new") group.new++;
    if (group.names.length < MAX_NAMES && !group.names.includes(name)) group.names.push(name);
    this.#groups.set(key, group);
  }
}

export function recapOf(suites: readonly Suite[]): FailureGroup[] {
  const recap = new Recap();
  for (const { name, findings } of suites) recap.add(name, findings);
  return recap.groups;
}

/** `text, image, …`: where a failure was found. */
export function namesText({ names, count }: Pick<FailureGroup, "names" | "count">): string {
  return `${names.join(", ")}${count > names.length ? ", …" : ""}`;
}
