/** Reaches an endpoint as Meta does: a handshake with a challenge of its own, then one signed delivery that tells nothing. */
import { randomInt } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";

import { reasonOf, systemCode } from "../errors.ts";
import { adviseOnStatus } from "./advice.ts";
import { META_HEADERS, signatures, type Header } from "./headers.ts";
import { encodeWire } from "./wire.ts";

/** Signed and without any event: wa-hook's own listener answers it and keeps nothing of it. */
export const PROBE = encodeWire({ object: "whatsapp_business_account", entry: [] });

/** How far it came. */
export type Reached =
  | { ok: true; ms: number }
  | {
      ok: false;
      step: "connect" | "handshake" | "delivery";
      /** What came back. */
      got: string;
      /** What to do. */
      fix: string;
      /** Of a tunnel's edge: `ERR_NGROK_3200`. */
      edgeCode?: string;
    };

export interface Reaching {
  url: string;
  verifyToken: string;
  /** Without it, only the handshake is tried. */
  appSecret?: string;
  /** A new name takes a while to be known everywhere: so long it is tried again, in milliseconds. */
  patience?: number;
  signal?: AbortSignal;
}

const TIMEOUT_MS = 6000;
const PAUSE_MS = 500;
/** Names that are not known yet, and what a tunnel's edge says before it knows the endpoint. */
const PASSING = new Set(["ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ECONNRESET", "ERR_NGROK_3200"]);

/** Never throws: what went wrong is the answer. */
export async function reach(reaching: Reaching): Promise<Reached> {
  const { patience = 0, signal } = reaching;
  const deadline = performance.now() + patience;
  for (;;) {
    const started = performance.now();
    const failure = (await shakeHands(reaching)) ?? (await deliverProbe(reaching));
    if (failure === undefined) return { ok: true, ms: performance.now() - started };
    const passing = PASSING.has(failure.passing ?? "") && performance.now() < deadline && signal?.aborted !== true;
    const { passing: _, ...told } = failure;
    if (!passing) return told;
    await sleep(PAUSE_MS, undefined, { signal }).catch(() => undefined);
  }
}

type Failure = Extract<Reached, { ok: false }> & { passing?: string };

async function shakeHands(reaching: Reaching): Promise<Failure | undefined> {
  const challenge = String(randomInt(1e9, 2e9));
  const url = new URL(reaching.url);
  url.searchParams.set("hub.mode", "subscribe");
  url.searchParams.set("hub.challenge", challenge);
  url.searchParams.set("hub.verify_token", reaching.verifyToken);
  const answer = await ask(url, reaching.signal);
  if ("ok" in answer) return answer;
  if (answer.status === 200 && answer.text === challenge) return undefined;
  const got =
    answer.status === 200 ? `200 with ${shown(answer.text)} instead of the challenge` : `status ${answer.status}`;
  return { ok: false, step: "handshake", got, fix: adviseOnHandshake(answer), ...edgeOf(answer) };
}

function adviseOnHandshake({ status, text }: Answer): string {
  if (status === 200 && /<html|<!doctype/i.test(text))
    return "a web page stands in front of the endpoint: a login, or a tunnel's warning page";
  if (status === 200) return "answer with hub.challenge and nothing else: no quotes, no JSON";
  if (status === 401 || status === 403)
    return "the endpoint wants another verify token, or checks signatures on GET too: a handshake has none";
  if (status === 404) return "no such path there: compare it with the app's route";
  if (status === 502 || status === 503 || status === 504)
    return "the tunnel is there and the app behind it is not: start it";
  return adviseOnStatus(status);
}

async function deliverProbe({ url, appSecret, signal }: Reaching): Promise<Failure | undefined> {
  if (appSecret === undefined) return undefined;
  const answer = await ask(new URL(url), signal, { body: PROBE, headers: signatures(PROBE, appSecret) });
  if ("ok" in answer) return answer;
  if (answer.status === 200) return undefined;
  const got = `status ${answer.status}`;
  return { ok: false, step: "delivery", got, fix: adviseOnStatus(answer.status), ...edgeOf(answer) };
}

interface Answer {
  status: number;
  text: string;
  edge?: string;
}

/** A handshake; with `signed`, a delivery. */
async function ask(
  url: URL,
  signal: AbortSignal | undefined,
  signed?: { body: Uint8Array; headers: readonly Header[] },
): Promise<Answer | Failure> {
  const limits = [AbortSignal.timeout(TIMEOUT_MS), ...(signal === undefined ? [] : [signal])];
  try {
    const response = await fetch(url, {
      redirect: "manual",
      signal: AbortSignal.any(limits),
      headers: Object.fromEntries([...META_HEADERS, ...(signed?.headers ?? [])]),
      ...(signed === undefined ? {} : { method: "POST", body: new Uint8Array(signed.body) }),
    });
    const edge = response.headers.get("ngrok-error-code");
    const text = (await response.text()).slice(0, 2000);
    return { status: response.status, text, ...(edge === null ? {} : { edge }) };
  } catch (error) {
    return explain(error, url);
  }
}

function explain(error: unknown, { origin, hostname }: URL): Failure {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  const code = systemCode(cause) ?? "";
  const failed = { ok: false, step: "connect", passing: code } as const;
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") {
    return {
      ...failed,
      got: `the name ${hostname} does not resolve`,
      fix: "wait a minute, a new name takes a while; or look for a slip in it",
    };
  }
  if (code === "ECONNREFUSED")
    return { ...failed, got: `nobody answers at ${origin}`, fix: "start what should listen there" };
  if (error instanceof Error && error.name === "TimeoutError") {
    return {
      ...failed,
      got: `no answer within ${TIMEOUT_MS / 1000} s`,
      fix: "Meta waits no longer either: look at the tunnel and at the app",
    };
  }
  if (/CERT|TLS|SSL/.test(code)) {
    return {
      ...failed,
      got: `its certificate is not trusted (${code})`,
      fix: "Meta refuses it too: serve the whole chain of a public CA",
    };
  }
  return { ...failed, got: reasonOf(cause), fix: "look at the tunnel and at the app" };
}

function edgeOf({ edge }: Answer): { edgeCode?: string; passing?: string } {
  return edge === undefined ? {} : { edgeCode: edge, passing: edge };
}

function shown(text: string): string {
  return text === "" ? "nothing" : JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}
