/** Responses of edges in front of an endpoint: firewalls, logins and tunnels, as a server on this machine imitates them. */
import { expect, test } from "vitest";

import { caveatOf } from "../../src/webhook/edge.ts";
import { reach } from "../../src/webhook/reach.ts";
import { APP_SECRET, serve, VERIFY_TOKEN } from "../support/http.ts";
import { edges, type EdgeAnswer } from "./edges.ts";

async function reached(answer: EdgeAnswer, at: "GET" | "POST" = "GET") {
  const { url } = await serve((request, response) => {
    if (request.method === at) {
      return void response.writeHead(answer.status, answer.headers ?? {}).end(answer.body ?? "");
    }
    response.end(new URL(request.url ?? "", "http://localhost").searchParams.get("hub.challenge") ?? "");
  });
  return reach({ url, verifyToken: VERIFY_TOKEN, appSecret: APP_SECRET });
}

test.each(Object.entries(edges))("%s is recognized", async (_, { answer, edge, got }) => {
  expect(await reached(answer)).toMatchObject({ ok: false, step: "handshake", edge, got, status: answer.status });
});

test.each(["Cloudflare, managed challenge", "AWS WAF, captcha"] as const)(
  "%s is recognized in the response to a delivery too",
  async (name) => {
    const { answer, edge } = edges[name];
    expect(await reached(answer, "POST")).toMatchObject({ ok: false, step: "delivery", edge });
  },
);

test.each<[string, EdgeAnswer]>([
  ["403 without a body", { status: 403 }],
  ["403 of an app behind Cloudflare", { status: 403, headers: { "cf-ray": "9", server: "cloudflare" }, body: "no" }],
  ["403 with a page of the app", { status: 403, body: "<!doctype html><h1>Forbidden</h1>" }],
  ["503 of an app behind CloudFront", { status: 503, headers: { "x-amz-cf-id": "9" }, body: "busy" }],
  ["401 of the app", { status: 401, body: '{"error":"captcha"}' }],
  ["429 of the app", { status: 429, headers: { "x-vercel-id": "fra1" }, body: "slow down" }],
  ["a redirect to another path", { status: 302, headers: { location: "/login" } }],
])("%s stays the endpoint's own response", async (_, answer) => {
  const result = await reached(answer);
  expect(result).toMatchObject({ ok: false, got: `status ${answer.status}` });
  expect(result).not.toHaveProperty("edge");
});

test("a challenge comes with what to allow, and not with advice on the verify token", async () => {
  const result = await reached(edges["Cloudflare, managed challenge"].answer);
  const { fix } = result as { fix: string };
  for (const word of ["facebookexternalua", "facebookplatform", "AS32934", "Bot Fight Mode"]) {
    expect(fix).toContain(word);
  }
  expect(fix).not.toContain("verify token");
});

test("a response that passed through a network names it, and only the beginning of an endless body is read", async () => {
  const { url } = await serve((request, response) => {
    response.setHeader("cf-ray", "9f-FRA");
    response.end(new URL(request.url ?? "", "http://localhost").searchParams.get("hub.challenge") ?? "");
  });
  expect(await reach({ url, verifyToken: VERIFY_TOKEN })).toMatchObject({ ok: true, via: "Cloudflare" });
  const endless = await serve((_, response) => {
    const write = (): void =>
      void (response.destroyed || response.write("x".repeat(65_536), () => setImmediate(write)));
    write();
  });
  expect(await reach({ url: endless.url, verifyToken: VERIFY_TOKEN })).toMatchObject({ ok: false, step: "handshake" });
});

test.each([
  ["http://127.0.0.1:8000/webhook", undefined, ""],
  ["https://hooks.example.com/webhook", undefined, "; reachable from this machine does not mean reachable for Meta"],
  [
    "https://hooks.example.com/webhook",
    "Cloudflare",
    "; reachable from this machine does not mean reachable for Meta, which Cloudflare may treat differently",
  ],
])("what a check of %s through %s leaves open", (url, via, caveat) => {
  expect(caveatOf(new URL(url), via)).toBe(caveat);
});
