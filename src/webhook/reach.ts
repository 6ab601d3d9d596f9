/** Checks an endpoint as Meta would: a handshake, then a signed delivery without events. */
import { randomInt } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";

import { reasonOf, systemCode } from "../errors.ts";
import { loopbackUrls } from "../http/loopback.ts";
import { adviseOnStatus } from "./advice.ts";
import { isPage, type Edge, type EdgeResponse } from "./edge-rules.ts";
import { dependsOnSender, describeEdge, edgeBetween, edgeOf } from "./edge.ts";
import { META_HEADERS, signatures, type Header } from "./headers.ts";
import { encodeWire } from "./wire.ts";

/** The body of the signed delivery. wa-hook's own listener acknowledges it without recording it. */
export const PROBE = encodeWire({ object: "whatsapp_business_account", entry: [] });

export type ReachResult =
  | {
      ok: true;
      ms: number;
      /** Whose network passed the requests on: `Cloudflare`. It may treat Meta differently from this machine. */
      via?: string;
    }
  | {
      ok: false;
      /** What failed. */
      step: "connect" | "handshake" | "delivery";
      /** What came back, or the connection error. */
      got: string;
      /** What to do about it, as an imperative. */
      fix: string;
      /** The HTTP status, if there was a response. */
      status?: number;
      /** The error code of a tunnel's edge: `ERR_NGROK_3200`. */
      edgeCode?: string;
      /** What responded instead of the endpoint. */
      edge?: Pick<Edge, "reason" | "name">;
    };

export interface ReachOptions {
  url: string;
  verifyToken: string;
  /** Without it, only the handshake is checked. */
  appSecret?: string;
  /** Milliseconds during which transient errors are retried, because a new host name takes time to resolve everywhere. */
  retryForMs?: number;
  signal?: AbortSignal;
}

const TIMEOUT_MS = 6000;
const RETRY_DELAY_MS = 500;
/** Errors of a new host name. A tunnel's edge that has not registered the endpoint yet is transient too. */
const TRANSIENT = new Set(["ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ECONNRESET"]);

/** Never throws: every failure is part of the result. */
export async function reach(options: ReachOptions): Promise<ReachResult> {
  const { retryForMs = 0, signal } = options;
  const deadline = performance.now() + retryForMs;
  for (;;) {
    const started = performance.now();
    const handshake = await checkHandshake(options);
    const failure = "ok" in handshake ? handshake : await checkDelivery(options);
    if (failure === undefined) {
      const via = edgeBetween(handshake as EdgeResponse);
      return { ok: true, ms: performance.now() - started, ...(via === undefined ? {} : { via }) };
    }
    const { errorCode = "", ...result } = failure;
    const transient = TRANSIENT.has(errorCode) || failure.edge?.reason === "tunnel-offline";
    const retry = transient && performance.now() < deadline && signal?.aborted !== true;
    if (!retry) return result;
    await sleep(RETRY_DELAY_MS, undefined, { signal }).catch(() => undefined);
  }
}

type Failure = Extract<ReachResult, { ok: false }> & { errorCode?: string };

/** The response when it is right. */
async function checkHandshake(options: ReachOptions): Promise<Failure | EdgeResponse> {
  const challenge = String(randomInt(1e9, 2e9));
  const url = new URL(options.url);
  url.searchParams.set("hub.mode", "subscribe");
  url.searchParams.set("hub.challenge", challenge);
  url.searchParams.set("hub.verify_token", options.verifyToken);
  const response = await request(url, options.signal);
  if ("ok" in response) return response;
  const { status, text } = response;
  if (status === 200 && text === challenge) return response;
  const got = status === 200 ? `200 with ${excerpt(text)} instead of the challenge` : `status ${status}`;
  return failed(response, { step: "handshake", got, fix: adviseOnHandshake(response) });
}

/** The failure, explained by the edge when the response is not the endpoint's own. */
function failed(response: EdgeResponse, rest: Pick<Failure, "step" | "got" | "fix">): Failure {
  const { status } = response;
  const edge = edgeOf(response);
  if (edge === undefined) return { ok: false, ...rest, status };
  const { reason, name, code, fix } = edge;
  const differs = dependsOnSender(edge) ? "; it may treat Meta differently" : "";
  return {
    ok: false,
    step: rest.step,
    got: `${describeEdge(edge)} (status ${status}${code === undefined ? "" : `, ${code}`})${differs}`,
    fix,
    status,
    edge: { reason, ...(name === undefined ? {} : { name }) },
    ...(code === undefined ? {} : { edgeCode: code }),
  };
}

function adviseOnHandshake({ status, text }: EdgeResponse): string {
  if (status === 200 && isPage(text))
    return "remove the web page in front of the endpoint, such as a login or a tunnel's warning page";
  if (status === 200) return "respond with the value of hub.challenge only: no quotes, no JSON";
  if (status === 401 || status === 403)
    return "use the same verify token in the app, and skip the signature check on GET: handshakes are not signed";
  if (status === 404) return "check the path of the URL against the app's routes";
  if (status === 502 || status === 503 || status === 504) return "start the app behind the tunnel";
  return adviseOnStatus(status);
}

async function checkDelivery({ url, appSecret, signal }: ReachOptions): Promise<Failure | undefined> {
  if (appSecret === undefined) return undefined;
  const response = await request(new URL(url), signal, { body: PROBE, headers: signatures(PROBE, appSecret) });
  if ("ok" in response) return response;
  const { status } = response;
  if (status === 200) return undefined;
  return failed(response, { step: "delivery", got: `status ${status}`, fix: adviseOnStatus(status) });
}

interface Delivery {
  body: Uint8Array;
  headers: readonly Header[];
}

/** Sends a GET, or a POST with the given delivery; to `localhost`, at the address where a server listens. */
async function request(
  url: URL,
  signal: AbortSignal | undefined,
  delivery?: Delivery,
): Promise<EdgeResponse | Failure> {
  const [first, second] = loopbackUrls(url);
  const response = await requestOne(first, signal, delivery);
  const isRefused = "errorCode" in response && response.errorCode === "ECONNREFUSED";
  return second !== undefined && isRefused ? requestOne(second, signal, delivery) : response;
}

async function requestOne(
  url: URL,
  signal: AbortSignal | undefined,
  delivery: Delivery | undefined,
): Promise<EdgeResponse | Failure> {
  const limits = [AbortSignal.timeout(TIMEOUT_MS), ...(signal === undefined ? [] : [signal])];
  try {
    const response = await fetch(url, {
      redirect: "manual",
      signal: AbortSignal.any(limits),
      headers: Object.fromEntries([...META_HEADERS, ...(delivery?.headers ?? [])]),
      ...(delivery === undefined ? {} : { method: "POST", body: new Uint8Array(delivery.body) }),
    });
    const text = await beginningOf(response);
    return { status: response.status, headers: response.headers, text };
  } catch (error) {
    return connectFailure(error, url);
  }
}

function connectFailure(error: unknown, { origin, hostname }: URL): Failure {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  const code = systemCode(cause) ?? "";
  const base = { ok: false, step: "connect", errorCode: code } as const;
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") {
    return {
      ...base,
      got: `cannot resolve ${hostname}`,
      fix: "check the host name for typos; if it is new, try again in a minute",
    };
  }
  if (code === "ECONNREFUSED")
    return { ...base, got: `connection refused at ${origin}`, fix: "start the server behind this URL" };
  if (error instanceof Error && error.name === "TimeoutError") {
    return {
      ...base,
      got: `no response within ${TIMEOUT_MS / 1000} s`,
      fix: "check the tunnel and the app; respond with 200 first and process the delivery afterwards",
    };
  }
  if (/CERT|TLS|SSL/.test(code)) {
    return {
      ...base,
      got: `untrusted certificate (${code})`,
      fix: "serve the full certificate chain of a public CA: Meta rejects other certificates",
    };
  }
  return { ...base, got: reasonOf(cause), fix: "check the tunnel and the app" };
}

/** What is read of a response; the scripts of a challenge page come after its title and can be long. */
const MAX_BYTES = 16_384;

/** Reads the beginning of the body and drops the rest. */
async function beginningOf({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= MAX_BYTES) break;
  }
  return Buffer.concat(chunks).toString("utf8").slice(0, MAX_BYTES);
}

function excerpt(text: string): string {
  return text === "" ? "an empty body" : JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}
