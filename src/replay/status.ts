/** Expected statuses as people type them. */

const STATUSES = /^([1-5]\d\d|[1-5]xx)(,([1-5]\d\d|[1-5]xx))*$/;

/** Whether `200`, `2xx` or `200,401` can be an expectation. */
export function isStatusExpectation(typed: string): boolean {
  return STATUSES.test(typed);
}

/** Whether a status is one of those expected. */
export function isStatus(status: number, expected: string): boolean {
  return expected
    .split(",")
    .some((one) => (one.endsWith("xx") ? one.startsWith(String(status).slice(0, 1)) : one === String(status)));
}
