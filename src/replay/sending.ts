/** One delivery to an app: the request, the response, and what it is judged by. */
import { UnavailableError } from "../errors.ts";
import type { Outgoing, Poster } from "../http/post.ts";
import type { Finding } from "../report/finding.ts";
import { adviseOnFailure, isUnreachable } from "../webhook/advice.ts";
import { VERDICT_HEADER } from "../webhook/headers.ts";
import type { Delivered } from "./delivered.ts";
import { judge, type AppResponse, type Expectation } from "./expect.ts";
import type { Expected } from "./expectations/expectations.ts";
import { notAwaited, type Observer } from "./expectations/observer.ts";
import type { Recorder } from "./expectations/recorder.ts";
import { subjectOf } from "./expectations/subject.ts";

export interface Target {
  to: URL;
  /** The number of concurrent requests. */
  concurrency: number;
  /** Timeout of one request, in milliseconds. */
  timeout: number;
  signal: AbortSignal;
  /** Playback speed of the recorded times; without it and a rate, there are no pauses. */
  speed?: number;
  /** Deliveries per second, sent at their times whether or not earlier ones have a response. */
  rate?: number;
}

/** By what deliveries are judged. */
export interface Judging {
  /** Throws a `UsageError` when the delivery's own file is invalid. */
  of(delivery: Expected): Expectation;
  /** Sees what the app sends to customers. */
  observer?: Observer;
  /** Keeps what the app does; nothing but a missing response fails then. */
  recorder?: Recorder;
}

/** What is known of a delivery before its result. */
export type About = Pick<Delivered, "fixture" | "round" | "done" | "total" | "to" | "escaped">;

interface Response extends AppResponse {
  verdict?: string;
  /** Whether further deliveries are pointless. */
  unreachable?: true;
}

export interface Sent {
  response: Response;
  findings: Finding[];
}

/** How many times as long the first answer may take while recording. */
const FIRST_QUIETS = 4;

/** Sends one delivery and judges the response, and what the app sends to customers. Never rejects because of the app. */
export async function send(
  poster: Poster,
  { delivery, outgoing }: { delivery: Expected; outgoing: Outgoing },
  target: Target,
  { of, observer, recorder }: Pick<Judging, "observer" | "recorder"> & { of: Expectation },
): Promise<Sent> {
  observer?.adopt(outgoing.body);
  const awaits = recorder !== undefined || of.answers !== undefined || of.nothingElse === true;
  const observation = awaits ? await observer?.begin(outgoing.body) : undefined;
  try {
    const response = await post(poster, outgoing, target);
    observer?.sent(outgoing.body);
    const findings = judge(response, of);
    if (recorder !== undefined) {
      recorder.add(
        delivery.name,
        response,
        (await observation?.quiet(recorder.quietMs, FIRST_QUIETS * recorder.quietMs)) ?? [],
        outgoing.body,
      );
    } else if (observation !== undefined) {
      const isAccepted = findings[0]?.status === "pass";
      const answers = isAccepted ? await observation.judge(of) : notAwaited(of);
      return { response, findings: withRequest([...findings, ...answers], outgoing.body) };
    }
    return { response, findings: withRequest(findings, outgoing.body) };
  } finally {
    observation?.end();
  }
}

/** Failures with the ID of the first message in the request, by which the app's log knows it. */
function withRequest(findings: Finding[], body: Uint8Array): Finding[] {
  if (findings.every(({ status }) => status !== "fail")) return findings;
  const [request] = subjectOf(body).messages;
  if (request === undefined) return findings;
  return findings.map((finding) => (finding.status === "fail" ? { ...finding, request } : finding));
}

export function resultOf({ response: { status, ms, verdict }, findings }: Sent, about: About): Delivered {
  return {
    ...about,
    ...(status === undefined ? {} : { status }),
    ...(verdict === undefined ? {} : { verdict }),
    ms,
    ok: findings.every((finding) => finding.status !== "fail"),
    findings,
  };
}

/** Whether a body contains escapes that `JSON.stringify` would not write. */
export function hasEscapes(body: Uint8Array): boolean {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  return bytes.includes(String.raw`\/`) || bytes.includes(String.raw`\u`);
}

async function post(poster: Poster, outgoing: Outgoing, { to, timeout }: Target): Promise<Response> {
  const started = performance.now();
  try {
    const { status, headers, beginning: body } = await poster.post(outgoing);
    const ms = performance.now() - started;
    const verdict = headers[VERDICT_HEADER];
    return { status, ms, body, ...(typeof verdict === "string" ? { verdict } : {}) };
  } catch (error) {
    const failure = adviseOnFailure(error, to.origin, timeout);
    return { ms: performance.now() - started, failure, ...(isUnreachable(error) ? { unreachable: true } : {}) };
  }
}

/** The error for a target where nothing responds. */
export function unreachable({ origin }: URL, reason = `no response from ${origin}`): UnavailableError {
  return new UnavailableError(reason, {
    code: "app.unreachable",
    hint: "start wa-hook listen, or your app with --to <port>; --wait 30s waits until it is up",
  });
}
