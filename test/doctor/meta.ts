/** Callbacks and Graph API responses with faults, for the tests of wa-hook doctor. */
import type { Emulator } from "../../src/emulator/emulator.ts";
import { type Answer, altered as answering, emulated } from "../support/emulated.ts";
import { APP_SECRET, listening, serve, VERIFY_TOKEN } from "../support/http.ts";
import type { EdgeAnswer } from "../webhook/edges.ts";

/** How an app responds. */
interface Responses {
  /** The status for deliveries; 200 by default. */
  post?: number;
  /** Puts quotes around the challenge of a handshake. */
  quoted?: boolean;
  /** The status and the error code with which a tunnel's edge responds to everything. */
  edge?: [status: number, code: string];
  /** What an edge responds with, to everything or to deliveries only. */
  between?: { answer: EdgeAnswer; deliveriesOnly?: true };
}

/** The URL of an app with these responses, which may be changed later; `seen` records its requests. */
export async function app(responses: Responses, seen: string[] = []): Promise<string> {
  const { url } = await serve((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    const { post = 200, quoted = false, edge, between } = responses;
    const challenge = new URL(request.url ?? "", "http://localhost").searchParams.get("hub.challenge");
    if (edge !== undefined) {
      response.writeHead(edge[0], { "ngrok-error-code": edge[1], "content-type": "text/html" });
      response.end("<!DOCTYPE html><html><body>ngrok</body></html>");
    } else if (between !== undefined && (challenge === null || between.deliveriesOnly !== true)) {
      response.writeHead(between.answer.status, between.answer.headers ?? {}).end(between.answer.body ?? "");
    } else if (challenge === null) response.writeHead(post).end();
    else response.end(quoted ? JSON.stringify(challenge) : challenge);
  });
  return url;
}

/** The URL of wa-hook's own listener, with these secrets. */
export async function listener(secrets: { appSecret?: string; verifyToken?: string } = {}): Promise<string> {
  return (await listening(secrets)).listener.url;
}

/** An emulator whose app callback is the URL; by default all is well. */
export async function meta(webhook?: string): Promise<Emulator> {
  const account = { appSecret: APP_SECRET, verifyToken: VERIFY_TOKEN };
  const callbacks = "anywhere";
  return emulated({
    account,
    callbacks,
    webhook: webhook ?? (await listener()),
    retryMs: [],
    statuses: { read: false },
  });
}

interface ApiRequest {
  method: "GET" | "POST" | "DELETE";
  path: string;
  token?: string;
  json?: object;
}

/** Sends a request, with the long-lived token by default. Throws when it is refused. */
export async function ask(emulator: Emulator, { method, path, token, json }: ApiRequest): Promise<void> {
  const response = await fetch(`${emulator.url}/v25.0/${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token ?? emulator.tokens.permanent}`,
      ...(json === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(json === undefined ? {} : { body: JSON.stringify(json) }),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`);
}

interface Alteration {
  /** The URLs whose responses are altered. */
  at: RegExp;
  /** Merged into the response, or with a `status` instead of it. */
  with: object;
  status?: number;
}

/** The settings for a Graph API that responds like the emulator, with one alteration. */
export function altered({ at, status, with: change }: Alteration): Promise<{ env: Record<string, string> }> {
  return alteredBy((path, answer) => {
    if (!at.test(path)) return answer;
    return status === undefined ? { status: 200, json: { ...answer.json, ...change } } : { status, json: change };
  });
}

/** The settings for a Graph API that responds like the emulator, except for what `alter` changes. */
export async function alteredBy(
  alter: (path: string, answer: Answer, emulator: Emulator) => Answer,
): Promise<{ env: Record<string, string>; emulator: Emulator }> {
  const emulator = await meta();
  const url = await answering(emulator, (path, answer) => alter(path, answer, emulator));
  return { env: { ...emulator.env, GRAPH_API_URL: url }, emulator };
}
