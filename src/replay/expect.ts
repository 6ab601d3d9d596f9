/** Judges an app's response by an expectation. */
import type { Finding } from "../report/finding.ts";
import { LATENCY_ADVICE, adviseOnStatus } from "../webhook/advice.ts";
import type { AnswerExpectation, TextExpectation } from "./expectations/schema.ts";
import { describeText, isText, quoted } from "./expectations/text.ts";
import { isStatus } from "./status.ts";

/** The app's response to one delivery. */
export interface AppResponse {
  status?: number;
  /** In milliseconds. */
  ms: number;
  /** Why there was no response. */
  failure?: string;
  /** The first 500 characters of its body. */
  body?: string;
}

export interface Expectation {
  /** One or more statuses: `200`, `4xx`, `200,401`. */
  status: string;
  /** In milliseconds. */
  maxLatency?: number;
  body?: TextExpectation;
  /** What the app must send to the customer. */
  answers?: readonly AnswerExpectation[];
  /** No message or reaction besides the expected answers. */
  nothingElse?: true;
  /** The time for all answers, in milliseconds. */
  within?: number;
}

/** Judges the response; what the app sends to customers is judged by `Observer`. */
export function judge(response: AppResponse, { status: expected, maxLatency, body }: Expectation): Finding[] {
  const findings = [judgeStatus(response, expected)];
  if (response.status === undefined) return findings;
  if (maxLatency !== undefined) findings.push(judgeLatency(response.ms, maxLatency));
  if (body !== undefined) findings.push(judgeBody(response.body ?? "", body));
  return findings;
}

function judgeBody(got: string, body: TextExpectation): Finding {
  const finding = { code: "body", title: "Response body", expected: `a body ${describeText(body)}`, got: quoted(got) };
  if (isText(got, body)) return { ...finding, status: "pass" };
  return { ...finding, status: "fail", fix: "respond with the expected body, or change the expectation" };
}

function judgeStatus({ status, failure }: AppResponse, expected: string): Finding {
  const finding = { code: "status", title: "Status", expected };
  if (status === undefined)
    return { ...finding, status: "fail", got: "no response", fix: failure ?? "check the app's log" };
  if (isStatus(status, expected)) return { ...finding, status: "pass", got: String(status) };
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
