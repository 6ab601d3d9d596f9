/** Handshakes that must not be confirmed. */
import { describe, isCrash, type Endpoint, type Reply } from "../endpoint.ts";
import { ENDPOINT_DOCS } from "../meta-docs.ts";
import { bad, defineProbe, pass } from "../probe.ts";
import { newChallenge, parameters } from "./handshake.ts";

export const wrongToken = defineProbe({
  code: "handshake.wrong-token",
  title: "Wrong verify token",
  expected: "403",
  why: "the verify token shows the app that the handshake comes from its owner's settings",
  source: ENDPOINT_DOCS,
  severity: "fail",
  needs: ["handshake.body"],
  requires: "verify token",
  blocks: "any verify token is accepted",
  async ask(endpoint) {
    const sent = newChallenge();
    const reply = await endpoint.handshake(parameters(endpoint, sent, "wa-hook-check-wrong-token"));
    return isConfirmed(reply, sent)
      ? bad(`${describe(reply)} with the challenge`, "token-not-checked")
      : pass(describe(reply));
  },
});

export const missingParameters = defineProbe({
  code: "handshake.missing-parameters",
  title: "Missing parameters",
  expected: "4xx without a verify token; no error of the app",
  why: "anyone can request the URL; browsers and scanners send no parameters",
  severity: "warn",
  needs: ["handshake.wrong-token"],
  requires: "verify token",
  blocks: "incomplete handshakes fail",
  async ask(endpoint) {
    const sent = newChallenge();
    const all = parameters(endpoint, sent);
    const without = ["hub.verify_token", "hub.mode", "hub.challenge"].map((left) => ({
      name: left,
      parameters: Object.fromEntries(Object.entries(all).filter(([name]) => name !== left)),
    }));
    const asked = [{ name: "all parameters", parameters: {} }, ...without];
    const replies = await Promise.all(asked.map((each) => ask(endpoint, each)));
    const open = replies.find(({ name, reply }) => name === "hub.verify_token" && isConfirmed(reply, sent));
    if (open !== undefined) return bad("200 with the challenge, without hub.verify_token", "token-not-checked");
    const crashed = replies.find(({ reply }) => isCrash(reply));
    if (crashed === undefined)
      return pass(`${[...new Set(replies.map(({ reply }) => describe(reply)))].join(" or ")}, no error`);
    const fix = "respond with 403 when a parameter is missing";
    return { verdict: "bad", got: `${describe(crashed.reply)} without ${crashed.name}`, fix };
  },
});

async function ask(endpoint: Endpoint, { name, parameters }: { name: string; parameters: Record<string, string> }) {
  return { name, reply: await endpoint.handshake(parameters) };
}

/** Meta's criterion. */
function isConfirmed({ status, text }: Reply, challenge: string): boolean {
  return status === 200 && text.includes(challenge);
}
