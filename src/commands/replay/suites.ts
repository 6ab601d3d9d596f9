/** The content of a report of `wa-hook replay`: the first round and failures of later rounds, limited in number. */
import type { Delivered } from "../../replay/deliver.ts";
import type { Suite } from "../../report/junit.ts";

const REPORTED = 50_000;
/** Enough to compare with the last run, when no report is made. */
const COMPARED = 5000;
/** The share that is reserved for failures after many passes. */
const RESERVED = 0.2;

export class Suites {
  readonly #limit: number;
  readonly #suites: Suite[] = [];
  #more = 0;
  #moreFailed = 0;

  /** `all` means that a report will contain them. */
  constructor({ all }: { all: boolean }) {
    this.#limit = all ? REPORTED : COMPARED;
  }

  add({ fixture, round, ok, findings, ms }: Delivered): void {
    if (ok && round > 1) return;
    if (this.#suites.length < (ok ? this.#limit * (1 - RESERVED) : this.#limit)) {
      this.#suites.push({ name: fixture, findings, ms });
      return;
    }
    this.#more++;
    if (!ok) this.#moreFailed++;
  }

  /** Findings about the whole run. */
  addFindings(name: string, findings: Suite["findings"]): void {
    if (findings.length > 0) this.#suites.push({ name, findings });
  }

  /** Ends with a suite that counts omitted deliveries, if any. */
  all(): Suite[] {
    if (this.#more === 0) return this.#suites;
    const got = `${this.#more} omitted, ${this.#moreFailed} of them failed`;
    const finding = { code: "left-out", title: "Omitted deliveries", expected: "none", got };
    return [...this.#suites, { name: "omitted", findings: [{ ...finding, status: "skip" }] }];
  }
}
