/** Verifies a callback URL as Meta does before it uses it: one GET with a challenge that must come back. */
import { get as getHttp, type IncomingMessage } from "node:http";
import { get as getHttps } from "node:https";

import { reasonOf, systemCode } from "../../errors.ts";

const TIMEOUT_MS = 10_000;
const MAX_ANSWER_BYTES = 64 * 1024;

/** What curl, which Meta calls with, says for the error of a socket. */
const CURL: Readonly<Record<string, [errno: number, words: string]>> = {
  ENOTFOUND: [6, "Could not resolve host"],
  EAI_AGAIN: [6, "Could not resolve host"],
  ECONNREFUSED: [7, "Failed to connect: Connection refused"],
  ETIMEDOUT: [28, "Operation timed out"],
  ECONNRESET: [56, "Recv failure: Connection reset by peer"],
};

/** Resolves with nothing when the callback answered as it must, or with what was wrong, in the words of Meta's error 2200. */
export async function shakeHands(callback: URL, verifyToken: string, challenge: string): Promise<string | undefined> {
  const url = new URL(callback);
  url.searchParams.append("hub.mode", "subscribe");
  url.searchParams.append("hub.challenge", challenge);
  url.searchParams.append("hub.verify_token", verifyToken);
  try {
    const { status, words, body } = await ask(url);
    if (status !== 200) return `HTTP Status Code = ${status}; HTTP Message = ${words}`;
    if (body === challenge) return undefined;
    return `The answer is not the challenge: expected value = ${challenge}; received = ${JSON.stringify(body.slice(0, 100))}`;
  } catch (error) {
    const [errno, words] = CURL[systemCode(error) ?? ""] ?? [56, reasonOf(error)];
    return `HTTP Status Code = 0; curl_errno = ${errno}; curl_error = ${words}`;
  }
}

async function ask(url: URL): Promise<{ status: number; words: string; body: string }> {
  const get = url.protocol === "https:" ? getHttps : getHttp;
  const headers = { accept: "*/*", "user-agent": "facebookexternalua" };
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    // A connection of its own, so that none stays open behind.
    const request = get(url, { headers, agent: false, signal: AbortSignal.timeout(TIMEOUT_MS) }, resolve);
    request.on("error", (error) =>
      reject(error.name === "TimeoutError" ? Object.assign(error, { code: "ETIMEDOUT" }) : error),
    );
  });
  let body = "";
  response.setEncoding("utf8");
  for await (const chunk of response) {
    body += String(chunk);
    if (body.length > MAX_ANSWER_BYTES) break;
  }
  return { status: response.statusCode ?? 0, words: response.statusMessage ?? "", body };
}
