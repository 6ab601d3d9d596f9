/** What `wa-hook check` reports. */
import type { CheckStep } from "../../check/check.ts";
import type { Conclusion } from "../../check/conclusion.ts";
import type { ReportEvent } from "../views/report.ts";

export interface Summary {
  passed: number;
  warned: number;
  failed: number;
  skipped: number;
  requests: number;
  ms: number;
}

export type Event =
  | { type: "endpoint"; url: string }
  | CheckStep
  | ({ type: "conclusion" } & Conclusion)
  | ({ type: "summary" } & Summary)
  | ReportEvent
  /** For people only. */
  | { type: "topic"; title: string }
  | { type: "not checked"; reasons: { reason: string; codes: string[] }[] };
