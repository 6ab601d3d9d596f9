/** Callbacks and answers of Meta's in which something is wrong, for the tests of wa-hook doctor. */
import type { Emulator } from "../../src/emulator/emulator.ts";
import { altered as answering, emulated } from "../support/emulated.ts";
import { APP_SECRET, listening, serve, VERIFY_TOKEN } from "../support/http.ts";

/** How an app answers. */
interface Answers {
  /** A delivery; 200 if nothing else is said. */
  post?: number;
  /** The handshake, with quotes around the challenge. */
  quoted?: boolean;
  /** Everything, by a tunnel's edge: the status and the code. */
  edge?: [status: number, code: string];
}

/** The URL of an app that answers so; `answers` may be changed later, and `seen` is told what it was asked. */
export async function app(answers: Answers, seen: string[] = []): Promise<string> {
  const { url } = await serve((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    const { post = 200, quoted = false, edge } = answers;
    const challenge = new URL(request.url ?? "", "http://localhost").searchParams.get("hub.challenge");
    if (edge !== undefined) {
      response.writeHead(edge[0], { "ngrok-error-code": edge[1], "content-type": "text/html" });
      response.end("<!DOCTYPE html><html><body>ngrok</body></html>");
    } else if (challenge === null) response.writeHead(post).end();
    else response.end(quoted ? JSON.stringify(challenge) : challenge);
  });
  return url;
}

/** The URL of wa-hook's own listener, with these secrets. */
export async function listener(secrets: { appSecret?: string; verifyToken?: string } = {}): Promise<string> {
  return (await listening(secrets)).listener.url;
}

/** Meta, with an app whose callback is the URL: by default everything is right. */
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

interface Asked {
  method: "GET" | "POST" | "DELETE";
  path: string;
  token?: string;
  json?: object;
}

/** Asks Meta, with the lasting token unless another is named; throws when it refuses. */
export async function ask(emulator: Emulator, { method, path, token, json }: Asked): Promise<void> {
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
  /** Of the address, which answers are altered. */
  at: RegExp;
  /** What they have besides, or instead. */
  with: object;
  status?: number;
}

/** The settings for a Meta that answers like the emulator, but for one thing. */
export async function altered({ at, status, with: change }: Alteration): Promise<{ env: Record<string, string> }> {
  const emulator = await meta();
  const url = await answering(emulator, (path, { status: usual, json }) => {
    if (!at.test(path)) return { status: usual, json };
    return status === undefined ? { status: 200, json: { ...json, ...change } } : { status, json: change };
  });
  return { env: { ...emulator.env, GRAPH_API_URL: url } };
}
