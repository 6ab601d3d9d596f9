/** Meta's error codes: what each means, what to do, whether trying again can help. */

/** One code, or a range that means one thing. */
export interface ErrorCode {
  code: number;
  /** The last code of a range that starts with `code`. */
  to?: number;
  /** The HTTP status that Meta's table prints for it. */
  http: number;
  /** Meta's name for it, as in `(#131030) Recipient phone number not in allowed list`. */
  title: string;
  /** What is so, in one sentence. */
  meaning: string;
  /** One thing to do about it. */
  remedy: string;
  /** `soon`: the same request can succeed in a while; `limit`: only when less is sent. Without it, never as it is. */
  retry?: "soon" | "limit";
  /** The token is what was refused, not the request. */
  credentials?: true;
}

export const ERROR_CODES: readonly ErrorCode[] = [];
