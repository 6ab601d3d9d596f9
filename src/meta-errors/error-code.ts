/** The shape of an entry in Meta's error table. */

/** One code, or a range of codes with the same meaning. */
export interface ErrorCode {
  code: number;
  /** The last code of a range that starts with `code`. */
  to?: number;
  /** The code that Meta responds with when this one is its `error_subcode`. */
  parent?: number;
  /** The HTTP status that Meta documents or sends for it. */
  http: number;
  /** Meta's name for it, as in `(#131030) Recipient phone number not in allowed list`. */
  title: string;
  /** The cause, in one clause. */
  meaning: string;
  /** What to do about it, as an imperative. */
  remedy: string;
  /** `soon`: the same request can succeed later; `limit`: it can succeed at a lower rate. Without it, retrying does not help. */
  retry?: "soon" | "limit";
  /** Meta refused the token rather than the request. */
  credentials?: true;
}
