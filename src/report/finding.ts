/** A finding: one verdict, as plain data. */

export interface Finding {
  /** Stable, for programs: `status`, `latency`. */
  code: string;
  status: "pass" | "warn" | "fail" | "skip";
  /** What was asked. */
  title: string;
  expected: string;
  got: string;
  /** What to do about it, when it is not a pass. */
  fix?: string;
}
