/** Meta's error codes: the meaning of each, its remedy, and whether a retry can help. */
import { accessCodes } from "./access.ts";
import type { ErrorCode } from "./error-code.ts";
import { groupAndCallCodes } from "./groups-and-calls.ts";
import { numberCodes } from "./numbers.ts";
import { otherCodes } from "./other.ts";
import { sendingCodes } from "./sending.ts";
import { templateCodes } from "./templates.ts";
import { throttlingCodes } from "./throttling.ts";

/** Every known code, grouped by subject. Source: Meta, "Error codes", Cloud API; "Handle errors", Graph API. */
export const ERROR_CODES: readonly ErrorCode[] = [
  ...accessCodes,
  ...throttlingCodes,
  ...sendingCodes,
  ...templateCodes,
  ...numberCodes,
  ...groupAndCallCodes,
  ...otherCodes,
];

/** The entry of an error: that of its subcode when Meta reports it this way, else its code's own, or the range that contains it. */
export function findErrorCode(code: number, subcode?: number): ErrorCode | undefined {
  const specific = subcode === undefined ? undefined : entryOf(subcode);
  return specific !== undefined && specific.parent === code ? specific : entryOf(code);
}

function entryOf(code: number): ErrorCode | undefined {
  return (
    ERROR_CODES.find((known) => known.to === undefined && known.code === code) ??
    ERROR_CODES.find(({ code: from, to }) => to !== undefined && from <= code && code <= to)
  );
}
