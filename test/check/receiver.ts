/** A receiver that is right, for tests that change one thing in it. */
import { setMaxListeners } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";

import type { CheckFinding, CheckOptions, CheckResult } from "../../src/index.ts";
import { check } from "../../src/index.ts";
import type { Answer, Answers } from "../../src/messages/answer.ts";
import { answerHandshake } from "../../src/webhook/handshake.ts";
import { verify } from "../../src/webhook/signature.ts";
import { APP_SECRET, serve, VERIFY_TOKEN } from "../support/http.ts";

/** What can be replaced. */
export interface Parts {
  /** The status for a delivery. */
  accept(body: Buffer, header: string | undefined): number | Promise<number>;
  handshake(query: URLSearchParams): { status: number; text: string };
}

const right: Parts = {
  accept: (body, header) => (verify(body, header, APP_SECRET) ? 200 : 401),
  handshake: (query) => {
    const answer = answerHandshake(query, VERIFY_TOKEN);
    return answer.status === 200 ? { status: 200, text: answer.challenge } : { status: 403, text: "Forbidden" };
  },
};

export function handler(parts: Partial<Parts> = {}): (request: IncomingMessage, response: ServerResponse) => void {
  const { accept, handshake } = { ...right, ...parts };
  return (request, response) => {
    void (async () => {
      if (request.method === "GET") {
        const { searchParams } = new URL(request.url ?? "/", "http://app");
        const { status, text } = handshake(searchParams);
        return void response.writeHead(status, { "content-type": "text/plain" }).end(text);
      }
      const body = await buffer(request);
      const header = request.headers["x-hub-signature-256"];
      response.writeHead(await accept(body, typeof header === "string" ? header : undefined)).end();
    })().catch(() => response.writeHead(500).end());
  };
}

/** The messages in a body. */
export function messagesIn(body: Buffer): { id: string; from?: string; from_user_id?: string }[] {
  const { entry = [] } = JSON.parse(body.toString("utf8")) as {
    entry?: { changes: { value?: { messages?: { id: string }[] } }[] }[];
  };
  return entry.flatMap(({ changes }) => changes.flatMap(({ value }) => value?.messages ?? []));
}

/** What the app under test has sent, as it tells us itself. */
export class TestAnswers implements Answers {
  readonly #all: Answer[] = [];
  readonly #added = new EventTarget();

  add(to: string): void {
    this.#all.push({ kind: "message", to, at: Date.now(), body: {} });
    this.#added.dispatchEvent(new Event("add"));
  }

  all(): readonly Answer[] {
    return this.#all;
  }

  async wait(fits: (answer: Answer) => boolean, ms: number): Promise<Answer | undefined> {
    const timeout = AbortSignal.timeout(ms);
    setMaxListeners(0, timeout);
    for (;;) {
      const found = this.#all.find(fits);
      if (found !== undefined || timeout.aborted) return found;
      await new Promise((resolve) => {
        this.#added.addEventListener("add", resolve, { once: true });
        timeout.addEventListener("abort", resolve, { once: true });
      });
    }
  }

  settle(ms: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, ms));
  }
}

/** Checks a receiver with these parts. */
export async function checked(parts: Partial<Parts> = {}, options: Partial<CheckOptions> = {}): Promise<CheckResult> {
  const { url } = await serve(handler(parts));
  return checkedAt(url, options);
}

export async function checkedAt(url: string, options: Partial<CheckOptions> = {}): Promise<CheckResult> {
  const run = check({ url, appSecret: APP_SECRET, verifyToken: VERIFY_TOKEN, ...options });
  for (;;) {
    const { done, value } = await run.next();
    if (done === true) return value;
  }
}

export function negative({ findings }: CheckResult): CheckFinding[] {
  return findings.filter(({ status }) => status === "fail" || status === "warn");
}

export function findingOf({ findings }: CheckResult, code: string): CheckFinding | undefined {
  return findings.find((finding) => finding.code === code);
}

export function mistakesOf({ conclusions }: CheckResult): string[] {
  return conclusions.map(({ mistake }) => mistake);
}
