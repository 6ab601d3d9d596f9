/** What edges respond with instead of the endpoint: their own headers and the marks of their pages, in our own words otherwise. */
import type { Edge } from "../../src/webhook/edge-rules.ts";

export interface EdgeAnswer {
  status: number;
  headers?: Record<string, string>;
  body?: string;
}

interface Example {
  answer: EdgeAnswer;
  edge: Pick<Edge, "reason" | "name">;
  got: string;
}

const CHALLENGE = "demands a browser check";
const BLOCKED = "blocks the request";

const html = (text: string) => `<!DOCTYPE html><html><head></head><body>${text}</body></html>`;

function example(edge: Example["edge"], says: string, answer: EdgeAnswer): Example {
  const differs = [CHALLENGE, BLOCKED].includes(says) ? "; it may treat Meta differently" : "";
  const got = `${edge.name ?? "something in front of the endpoint"} ${says} (status ${answer.status})${differs}`;
  return { edge, answer, got };
}

const cloudflare = { server: "cloudflare", "cf-ray": "9f8e-FRA" };

export const edges = {
  "Cloudflare, managed challenge": example({ name: "Cloudflare", reason: "challenge" }, CHALLENGE, {
    status: 403,
    headers: { ...cloudflare, "cf-mitigated": "challenge" },
    body: html("<title>Just a moment...</title>"),
  }),
  "Cloudflare, challenge at 503 without the header": example({ name: "Cloudflare", reason: "challenge" }, CHALLENGE, {
    status: 503,
    headers: cloudflare,
    body: html(`${" ".repeat(6000)}<script src="/cdn-cgi/challenge-platform/h/b/orchestrate"></script>`),
  }),
  "Cloudflare, blocked by a rule": example({ name: "Cloudflare", reason: "blocked" }, BLOCKED, {
    status: 403,
    headers: cloudflare,
    body: "error code: 1020",
  }),
  "Cloudflare, no tunnel": example({ name: "Cloudflare", reason: "tunnel-offline" }, "has no tunnel for this URL", {
    status: 530,
    headers: cloudflare,
    body: "error code: 1033",
  }),
  "Cloudflare, the server is down": example({ name: "Cloudflare", reason: "app-down" }, "cannot reach the app", {
    status: 522,
    headers: cloudflare,
    body: "error code: 522",
  }),
  "Cloudflare Access": example({ name: "Cloudflare Access", reason: "login" }, "demands a login", {
    status: 302,
    headers: { ...cloudflare, location: "https://team.cloudflareaccess.com/cdn-cgi/access/login/example" },
  }),
  "Vercel, challenge": example({ name: "Vercel", reason: "challenge" }, CHALLENGE, {
    status: 403,
    headers: { server: "Vercel", "x-vercel-mitigated": "challenge" },
    body: html("Vercel Security Checkpoint"),
  }),
  "Vercel, denied": example({ name: "Vercel", reason: "blocked" }, BLOCKED, {
    status: 403,
    headers: { server: "Vercel", "x-vercel-mitigated": "deny" },
  }),
  "Vercel, protected deployment": example({ name: "Vercel", reason: "login" }, "demands a login", {
    status: 401,
    headers: { server: "Vercel", "set-cookie": "_vercel_sso_nonce=abc; HttpOnly" },
    body: html("Authentication Required"),
  }),
  "AWS WAF, challenge": example({ name: "AWS WAF", reason: "challenge" }, CHALLENGE, {
    status: 202,
    headers: { "x-amzn-waf-action": "challenge" },
  }),
  "AWS WAF, captcha": example({ name: "AWS WAF", reason: "challenge" }, CHALLENGE, {
    status: 405,
    headers: { "x-amzn-waf-action": "captcha" },
  }),
  "AWS CloudFront, blocked": example({ name: "AWS CloudFront", reason: "blocked" }, BLOCKED, {
    status: 403,
    headers: { server: "CloudFront", "x-amz-cf-id": "abc==" },
    body: html("<h1>403 ERROR</h1> The request could not be satisfied. Request blocked."),
  }),
  "Akamai, challenge": example({ name: "Akamai", reason: "challenge" }, CHALLENGE, {
    status: 428,
    body: '{"sec-cp-challenge":"true","provider":"crypto"}',
  }),
  "Akamai, blocked": example({ name: "Akamai", reason: "blocked" }, BLOCKED, {
    status: 403,
    headers: { server: "AkamaiGHost" },
    body: html("<h1>Access Denied</h1> Reference #18"),
  }),
  "Imperva, challenge at 200": example({ name: "Imperva", reason: "challenge" }, CHALLENGE, {
    status: 200,
    headers: { "x-iinfo": "1-2-3" },
    body: html('<iframe src="/_Incapsula_Resource?abc"></iframe>'),
  }),
  "Sucuri, blocked": example({ name: "Sucuri", reason: "blocked" }, BLOCKED, {
    status: 403,
    headers: { server: "Sucuri/Cloudproxy", "x-sucuri-id": "1" },
  }),
  "DataDome, challenge": example({ name: "DataDome", reason: "challenge" }, CHALLENGE, {
    status: 403,
    headers: { "x-datadome": "protected" },
  }),
  "SiteGround, challenge": example({ name: "SiteGround", reason: "challenge" }, CHALLENGE, {
    status: 202,
    headers: { "sg-captcha": "challenge" },
  }),
  "Imunify360, challenge": example({ name: "Imunify360", reason: "challenge" }, CHALLENGE, {
    status: 415,
    headers: { server: "imunify360-webshield/1.21" },
  }),
  "Azure Front Door, blocked": example({ name: "Azure Front Door", reason: "blocked" }, BLOCKED, {
    status: 403,
    headers: { "x-azure-ref": "abc" },
    body: html("The request is blocked."),
  }),
  "ngrok, its warning page without the header": {
    edge: { name: "ngrok", reason: "tunnel-warning" },
    answer: { status: 200, body: html("You are about to visit a free site (ERR_NGROK_6024)") },
    got: "ngrok responds with a warning page instead of the app (status 200, ERR_NGROK_6024)",
  },
  "ngrok, a code that is not explained": {
    edge: { name: "ngrok", reason: "blocked" },
    answer: { status: 503, headers: { "ngrok-error-code": "ERR_NGROK_725" } },
    got: "ngrok blocks the request (status 503, ERR_NGROK_725); it may treat Meta differently",
  },
  "localtunnel, its warning page": example(
    { name: "localtunnel", reason: "tunnel-warning" },
    "responds with a warning page instead of the app",
    { status: 511, body: html("You are about to visit a loca.lt site") },
  ),
  "an unknown edge at 418": example({ reason: "challenge" }, CHALLENGE, { status: 418 }),
  "an unknown edge at 428": example({ reason: "challenge" }, CHALLENGE, { status: 428, body: html("wait") }),
  "an unknown edge that checks the browser": example({ reason: "challenge" }, CHALLENGE, {
    status: 503,
    body: html("Checking your browser before you proceed"),
  }),
  "an unknown firewall": example({ reason: "blocked" }, BLOCKED, {
    status: 403,
    body: html("Your request was blocked by the web application firewall"),
  }),
} satisfies Record<string, Example>;
