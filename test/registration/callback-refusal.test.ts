/** wa-hook webhook set with a callback that Meta refuses, for reasons that Meta's error does not show. */
import { expect, test } from "vitest";

import type { Emulator } from "../../src/emulator/emulator.ts";
import { toError } from "../../src/graph/errors.ts";
import { adviseOnDomain } from "../../src/registration/callback-refusal.ts";
import { altered, emulated } from "../support/emulated.ts";
import { serve, VERIFY_TOKEN } from "../support/http.ts";
import { transcript } from "../support/transcript.ts";
import { edges } from "../webhook/edges.ts";

async function emulator(): Promise<Emulator> {
  return emulated({ callbacks: "anywhere", account: { verifyToken: VERIFY_TOKEN } });
}

test("a challenge in front of the endpoint is named, with what to allow", async () => {
  const { answer } = edges["Cloudflare, managed challenge"];
  const { url } = await serve((_, response) => void response.writeHead(answer.status, answer.headers).end(answer.body));
  const { env } = await emulator();
  const seen = await transcript(`webhook set ${url}`, { env });
  expect(seen).toContain("HTTP Status Code = 403");
  expect(seen).toContain("From this machine too, Cloudflare demands a browser check (status 403).");
  expect(seen).toMatch(/→ let Meta skip bot checks on this path with a WAF rule in Cloudflare: .*AS32934/);
  expect(seen).toContain("exit 5");
});

test("an endpoint that only Meta cannot reach is told apart from a broken one", async () => {
  let requests = 0;
  const { url } = await serve((request, response) => {
    const challenge = new URL(request.url ?? "", "http://localhost").searchParams.get("hub.challenge");
    requests += 1;
    if (requests === 1) return void response.writeHead(403).end();
    response.end(challenge);
  });
  const { env } = await emulator();
  const seen = await transcript(`webhook set ${url}`, { env });
  expect(seen).toContain(
    "The endpoint passes the handshake from this machine, but reachable from this machine does not mean reachable for Meta.",
  );
  expect(seen).toMatch(/→ try again; .*facebookexternalua and facebookplatform, addresses of AS32934/);
});

test("a broken endpoint keeps Meta's explanation", async () => {
  const { url } = await serve((_, response) => void response.writeHead(403).end());
  const { env } = await emulator();
  const seen = await transcript(`webhook set ${url}`, { env });
  expect(seen).toContain("→ set the app's verify token to WHATSAPP_VERIFY_TOKEN");
  expect(seen).not.toContain("this machine");
});

test.each([
  ["https://fox-able.ngrok-free.app/webhook", "wa-hook listen --tunnel cloudflared, or --domain"],
  ["https://fox-able.trycloudflare.com/webhook", "start wa-hook listen again for a new one"],
  ["https://hooks.example.com/webhook", "one of your own with --public-url"],
])("when Meta distrusts the domain of %s, another one is offered", async (url, offer) => {
  const real = await emulator();
  const error = {
    code: 100,
    message: "(#100) Invalid parameter",
    error_user_title: "Invalid callback",
    error_user_msg: "The URL has been identified as malicious and/or abusive.",
  };
  const graph = await altered(real, (path, answer) =>
    /\/\d+(?:\?|$)/.test(path) && !path.includes("fields=") ? { status: 400, json: { error } } : answer,
  );
  const seen = await transcript(`webhook set ${url}`, { env: { ...real.env, GRAPH_API_URL: graph } });
  expect(seen).toContain(`Meta distrusts the domain ${new URL(url).hostname}`);
  expect(seen).toContain(`→ use another domain: ${offer}`);
});

test("a tunnel's new domain that Meta distrusts is reported with another one", () => {
  const error = { code: 368, message: "The link has been identified as malicious" };
  const rejected = toError(error, { status: 400 });
  expect(adviseOnDomain(rejected, "https://fox-able.ngrok-free.dev/webhook")).toContain("--tunnel cloudflared");
  const other = toError({ code: 2200, message: "Callback verification failed" }, { status: 400 });
  expect(adviseOnDomain(other, "https://fox-able.ngrok-free.dev/webhook")).toBeUndefined();
});
