/** What `wa-hook check` reports. */
import type { CheckStep } from "../../check/check.ts";
import type { Conclusion } from "../../check/conclusion.ts";
import type { ReportEvent } from "../views/report.ts";

/** How many findings have each status. */
export interface Summary {
  passed: number;
  warned: number;
  failed: number;
  skipped: number;
  /** The requests that were sent to the endpoint. */
  requests: number;
  /** The duration of the check. */
  ms: number;
}

export type Event =
  /** The check starts; this URL is checked. */
  | { type: "endpoint"; url: string }
  | CheckStep
  | ({ type: "conclusion" } & Conclusion)
  | ({ type: "summary" } & Summary)
  | ReportEvent
  /** @internal */
  | { type: "topic"; title: string }
  /** @internal */
  | { type: "not checked"; reasons: { reason: string; codes: string[] }[] };
