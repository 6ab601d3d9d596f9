/** A finding: the result of one check, as plain data. */

export interface Finding {
  /** Stable, for programs: `status`, `latency`. */
  code: string;
  status: "pass" | "warn" | "fail" | "skip";
  /** What was checked. */
  title: string;
  expected: string;
  got: string;
  /** Stable, for programs: which of several causes made the check fail, such as `none` or `ERR_NGROK_3200`. */
  reason?: string;
  /** What to do about it, as an imperative; missing for a pass. */
  fix?: string;
}
