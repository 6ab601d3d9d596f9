/** What a report of `wa-hook replay` holds: the first round, and of the later ones what failed; but not without end. */
import type { Delivered } from "../../replay/deliver.ts";
import type { Suite } from "../../report/junit.ts";

const REPORTED = 50_000;
/** Kept free for what fails after so many have passed. */
const RESERVED = 10_000;

export class Suites {
  readonly #suites: Suite[] = [];
  #more = 0;
  #moreFailed = 0;

  add({ fixture, round, ok, findings, ms }: Delivered): void {
    if (ok && round > 1) return;
    if (this.#suites.length < (ok ? REPORTED - RESERVED : REPORTED)) {
      this.#suites.push({ name: fixture, findings, ms });
      return;
    }
    this.#more++;
    if (!ok) this.#moreFailed++;
  }

  /** With a last one that says how many are not in it. */
  all(): Suite[] {
    if (this.#more === 0) return this.#suites;
    const got = `${this.#more} more, of which ${this.#moreFailed} failed`;
    const finding = { code: "left-out", title: "deliveries that this report has no room for", expected: "none", got };
    return [...this.#suites, { name: "and more", findings: [{ ...finding, status: "skip" }] }];
  }
}
