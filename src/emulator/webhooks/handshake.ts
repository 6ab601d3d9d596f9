/** Verifies a callback URL as Meta does: one GET with a challenge that the response must echo. */
import { get as getHttp, type IncomingMessage } from "node:http";
import { get as getHttps } from "node:https";

import { reasonOf, systemCode } from "../../errors.ts";
import { connectOptions } from "../../http/loopback.ts";

const TIMEOUT_MS = 10_000;
const MAX_RESPONSE_BYTES = 64 * 1024;

/** Socket errors in curl's terms, which Meta's error messages use. */
const CURL: Readonly<Record<string, [errno: number, text: string]>> = {
  ENOTFOUND: [6, "Could not resolve host"],
  EAI_AGAIN: [6, "Could not resolve host"],
  ECONNREFUSED: [7, "Failed to connect: Connection refused"],
  ETIMEDOUT: [28, "Operation timed out"],
  ECONNRESET: [56, "Recv failure: Connection reset by peer"],
};

/** Resolves with undefined on success, or with a description of the failure in the format of Meta's error 2200. */
export async function verifyCallback(
  callback: URL,
  verifyToken: string,
  challenge: string,
): Promise<string | undefined> {
  const url = new URL(callback);
  url.searchParams.append("hub.mode", "subscribe");
  url.searchParams.append("hub.challenge", challenge);
  url.searchParams.append("hub.verify_token", verifyToken);
  try {
    const { status, statusText, body } = await request(url);
    if (status !== 200) return `HTTP Status Code = ${status}; HTTP Message = ${statusText}`;
    if (body === challenge) return undefined;
    return `The response does not match the challenge: expected value = ${challenge}; received = ${JSON.stringify(body.slice(0, 100))}`;
  } catch (error) {
    const [errno, text] = CURL[systemCode(error) ?? ""] ?? [56, reasonOf(error)];
    return `HTTP Status Code = 0; curl_errno = ${errno}; curl_error = ${text}`;
  }
}

async function request(url: URL): Promise<{ status: number; statusText: string; body: string }> {
  const get = url.protocol === "https:" ? getHttps : getHttp;
  const headers = { accept: "*/*", "user-agent": "facebookexternalua" };
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    // Without an agent, no idle connection stays open.
    const options = { headers, agent: false, signal: AbortSignal.timeout(TIMEOUT_MS), ...connectOptions(url) };
    const sent = get(url, options, resolve);
    sent.on("error", (error) =>
      reject(error.name === "TimeoutError" ? Object.assign(error, { code: "ETIMEDOUT" }) : error),
    );
  });
  let body = "";
  response.setEncoding("utf8");
  for await (const chunk of response) {
    body += String(chunk);
    if (body.length > MAX_RESPONSE_BYTES) break;
  }
  return { status: response.statusCode ?? 0, statusText: response.statusMessage ?? "", body };
}
