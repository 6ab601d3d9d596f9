/** A finding: the result of one check, as plain data. */

/** One result of a check. */
export interface Finding {
  /** Stable, for programs: `status`, `token.expiry`. */
  code: string;
  status: "pass" | "warn" | "fail" | "skip";
  /** A short label, such as `Token expiry`; the result stands in `got`. */
  title: string;
  /** What is right. */
  expected: string;
  /** What was found. */
  got: string;
  /** What to do about a `warn` or a `fail`. */
  fix?: string;
  /** Stable, for programs: which of the code's several causes it is, such as `none` or `inactive`. */
  reason?: string;
  /** The ID by which the app's log and wa-hook know the request that shows it, such as the message ID in it. */
  request?: string;
  /** Against the last run: fails now and passed then, failed then too, failed then and no longer does. */
  change?: "new" | "still" | "fixed";
}
