/** Meta's error codes: what each means, what to do, whether trying again can help. */
import { accessCodes } from "./access.ts";
import { groupAndCallCodes } from "./groups-and-calls.ts";
import { numberCodes } from "./numbers.ts";
import { otherCodes } from "./other.ts";
import { sendingCodes } from "./sending.ts";
import { templateCodes } from "./templates.ts";
import { throttlingCodes } from "./throttling.ts";

export { OAUTH_SUBCODES } from "./oauth-subcodes.ts";

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

/** Every code that is known, by what it is about. Source: Meta, "Error codes", Cloud API; "Handle errors", Graph API. */
export const ERROR_CODES: readonly ErrorCode[] = [
  ...accessCodes,
  ...throttlingCodes,
  ...sendingCodes,
  ...templateCodes,
  ...numberCodes,
  ...groupAndCallCodes,
  ...otherCodes,
];

/** What is known of a code: its own line, or else the range that it lies in. */
export function findErrorCode(code: number): ErrorCode | undefined {
  return (
    ERROR_CODES.find((known) => known.to === undefined && known.code === code) ??
    ERROR_CODES.find(({ code: from, to }) => to !== undefined && from <= code && code <= to)
  );
}
