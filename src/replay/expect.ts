/** Judges an app's response by an expectation. */
import type { Finding } from "../report/finding.ts";
import { LATENCY_ADVICE, adviseOnStatus } from "../webhook/advice.ts";

/** The app's response to one delivery. */
export interface AppResponse {
  status?: number;
  /** In milliseconds. */
  ms: number;
  /** Why there was no response. */
  failure?: string;
}

export interface Expectation {
  /** One or more statuses: `200`, `4xx`, `200,401`. */
  status: string;
  /** In milliseconds. */
  maxLatency?: number;
}

const STATUSES = /^([1-5]\d\d|[1-5]xx)(,([1-5]\d\d|[1-5]xx))*$/;

/** Whether `200`, `2xx` or `200,401` can be an expectation. */
export function isStatusExpectation(typed: string): boolean {
  return STATUSES.test(typed);
}

function isExpected(status: number, expected: string): boolean {
  return expected
    .split(",")
    .some((one) => (one.endsWith("xx") ? one.startsWith(String(status).slice(0, 1)) : one === String(status)));
}

export function judge(response: AppResponse, { status: expected, maxLatency }: Expectation): Finding[] {
  const findings = [judgeStatus(response, expected)];
  if (maxLatency !== undefined && response.status !== undefined) findings.push(judgeLatency(response.ms, maxLatency));
  return findings;
}

function judgeStatus({ status, failure }: AppResponse, expected: string): Finding {
  const finding = { code: "status", title: "Status", expected };
  if (status === undefined)
    return { ...finding, status: "fail", got: "no response", fix: failure ?? "check the app's log" };
  if (isExpected(status, expected)) return { ...finding, status: "pass", got: String(status) };
  return { ...finding, status: "fail", got: String(status), fix: fixOf(status, expected) };
}

function fixOf(status: number, expected: string): string {
  if (!expected.startsWith("4")) {
    const known = status >= 200 && status < 300 && expected !== "200";
    return known ? `respond with ${expected}, or change --expect` : adviseOnStatus(status);
  }
  if (status < 300) {
    return "verify X-Hub-Signature-256 first: the app accepts deliveries that Meta did not sign";
  }
  if (status < 500) return "use --expect 4xx to accept any rejection: the app rejects with another status";
  return "respond with 401 instead of failing: the signature can be missing or have any length";
}

function judgeLatency(ms: number, maxLatency: number): Finding {
  const finding = {
    code: "latency",
    title: "Response time",
    expected: `at most ${maxLatency} ms`,
    got: `${ms.toFixed(1)} ms`,
  };
  return ms <= maxLatency ? { ...finding, status: "pass" } : { ...finding, status: "fail", fix: LATENCY_ADVICE };
}
