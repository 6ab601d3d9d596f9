/** The handshake with the right verify token: accepted, with exactly the challenge. */
import { randomInt } from "node:crypto";

import { adviseOnStatus } from "../../webhook/advice.ts";
import { isRejection } from "../../webhook/diagnosis.ts";
import { isPage } from "../../webhook/edge-rules.ts";
import { describe, type Endpoint, type Reply } from "../endpoint.ts";
import { ENDPOINT_DOCS } from "../meta-docs.ts";
import { bad, defineProbe, pass, type Outcome } from "../probe.ts";
import { hmac } from "../rejection.ts";

/** Like Meta's: ten digits. */
export function newChallenge(): string {
  return String(randomInt(1e9, 2e9));
}

/** The parameters of a handshake. */
export function parameters(
  endpoint: Endpoint,
  challenge: string,
  token = endpoint.verifyToken,
): Record<string, string> {
  return { "hub.mode": "subscribe", "hub.challenge": challenge, "hub.verify_token": token ?? "" };
}

export const handshake = defineProbe({
  code: "handshake.valid",
  title: "Right verify token",
  expected: "200",
  why: "Meta verifies the URL with a GET before it sends anything, and again whenever it is changed",
  source: ENDPOINT_DOCS,
  severity: "fail",
  needs: ["endpoint.redirect"],
  requires: "verify token",
  blocks: "the handshake fails",
  async ask(endpoint) {
    const reply = await endpoint.handshake(parameters(endpoint, newChallenge()));
    return reply.status === 200 ? pass("200") : explain(reply, endpoint);
  },
});

async function explain(reply: Reply, endpoint: Endpoint): Promise<Outcome> {
  const { status = 0, failure } = reply;
  const [signed, unsigned] = await Promise.all([
    endpoint.handshake(parameters(endpoint, newChallenge()), [["X-Hub-Signature-256", hmac("", endpoint.appSecret)]]),
    endpoint.send(Buffer.from("{}"), { sign: () => [] }),
  ]);
  if (signed.status === 200) return bad(`${describe(reply)}; 200 with a signature`, "signature-before-handshake");
  // The words of the app itself: the GET is rejected with the same response as a POST without a signature.
  const isSame = reply.text !== "" && reply.text === unsigned.text && status === unsigned.status;
  if (isRejection(status) && (/signature/i.test(reply.text) || (isSame && status === 401))) {
    return bad(`${describe(reply)}, as for a delivery without a signature`, "signature-before-handshake");
  }
  if (isRejection(status)) return bad(describe(reply), "wrong-verify-token");
  return bad(describe(reply), "wrong-verify-token", failure ?? adviseOnGet(status));
}

function adviseOnGet(status: number): string {
  if (status === 405) return "accept GET requests on this route";
  return status >= 200 && status < 300 ? "respond with exactly 200" : adviseOnStatus(status);
}

export const challenge = defineProbe({
  code: "handshake.body",
  title: "Challenge",
  expected: "exactly the challenge",
  why: "Meta compares the body with the challenge: quotes, JSON, a line break or HTML make the handshake fail",
  source: ENDPOINT_DOCS,
  severity: "fail",
  needs: ["handshake.valid"],
  requires: "verify token",
  blocks: "the handshake fails",
  async ask(endpoint) {
    const sent = newChallenge();
    const reply = await endpoint.handshake(parameters(endpoint, sent));
    const { text } = reply;
    if (reply.status !== 200) return explain(reply, endpoint);
    if (text === sent) return pass("exactly the challenge");
    const got = text === "" ? "an empty body" : JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
    if (isPage(text)) return bad(got, "html-error");
    if (text.trim() === `"${sent}"`) return bad(got, "challenge-quoted");
    return bad(got, /^\s*[[{]/.test(text) ? "challenge-as-json" : "challenge-changed");
  },
});
