/** What is expected of an app's answer, and the findings on one. */
import type { Finding } from "../report/finding.ts";
import { LATENCY_ADVICE, adviseOnStatus } from "../webhook/advice.ts";

/** The app's answer to one delivery. */
export interface Answer {
  status?: number;
  /** In milliseconds. */
  ms: number;
  /** Why there was no answer. */
  failure?: string;
}

export interface Expectation {
  /** In words: `200`, `4xx`. */
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

export function judge(answer: Answer, { status: expected, maxLatency }: Expectation): Finding[] {
  const findings = [judgeStatus(answer, expected)];
  if (maxLatency !== undefined && answer.status !== undefined) findings.push(judgeLatency(answer.ms, maxLatency));
  return findings;
}

function judgeStatus({ status, failure }: Answer, expected: string): Finding {
  const finding = { code: "status", title: "the answer's status", expected };
  if (status === undefined)
    return { ...finding, status: "fail", got: "no answer", fix: failure ?? "look at the app's log" };
  if (isExpected(status, expected)) return { ...finding, status: "pass", got: String(status) };
  return { ...finding, status: "fail", got: String(status), fix: fixOf(status, expected) };
}

function fixOf(status: number, expected: string): string {
  const refusalExpected = expected.startsWith("4");
  if (!refusalExpected) {
    // Advice on statuses is about Meta, which accepts exactly 200, whereas --expect may name another status.
    return status === 200
      ? "leave --expect out: 200 is the only status that Meta treats as delivered"
      : adviseOnStatus(status);
  }
  if (status < 300) {
    return "the app takes deliveries that Meta did not sign: check X-Hub-Signature-256 before anything else";
  }
  if (status < 500) return "the app refuses, with another status: --expect 4xx takes any refusal";
  return "the app breaks instead of refusing: a signature that is missing, or of another length, is an answer too";
}

function judgeLatency(ms: number, maxLatency: number): Finding {
  const finding = {
    code: "latency",
    title: "the time to answer",
    expected: `${maxLatency} ms at most`,
    got: `${ms.toFixed(1)} ms`,
  };
  return ms <= maxLatency ? { ...finding, status: "pass" } : { ...finding, status: "fail", fix: LATENCY_ADVICE };
}
