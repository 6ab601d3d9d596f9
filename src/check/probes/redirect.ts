/** Whether the URL leads to the endpoint itself. */
import { isPage } from "../../webhook/edge-rules.ts";
import { describeEdge, edgeOf } from "../../webhook/edge.ts";
import { describe, type Endpoint, type Reply } from "../endpoint.ts";
import { WEBHOOKS_DOCS } from "../meta-docs.ts";
import { bad, defineProbe, pass, type Outcome } from "../probe.ts";

export const redirect = defineProbe({
  code: "endpoint.redirect",
  title: "No redirect",
  expected: "a response of the app itself",
  why: "Meta does not follow redirects: anything but 200 counts as a failed delivery",
  source: WEBHOOKS_DOCS,
  severity: "fail",
  needs: ["tls.trusted"],
  blocks: "the endpoint redirects, or something else responds in its place",
  turn: "first",
  async ask(endpoint) {
    const [delivered, handshake] = await Promise.all([endpoint.first(), plainGet(endpoint)]);
    return (
      elsewhere("POST", delivered) ?? elsewhere("GET", handshake) ?? page(delivered) ?? pass("the app responds itself")
    );
  },
});

function plainGet(endpoint: Endpoint): Promise<Reply> {
  const token = endpoint.verifyToken ?? "wa-hook-check";
  return endpoint.handshake({ "hub.mode": "subscribe", "hub.challenge": "1", "hub.verify_token": token });
}

/** A redirect, or the response of a firewall, a tunnel or a login in front of the app. */
function elsewhere(method: string, reply: Reply): Outcome | undefined {
  const { status = 0, headers, text } = reply;
  if (status >= 300 && status < 400) {
    const to = typeof headers.location === "string" ? ` to ${headers.location.slice(0, 200)}` : "";
    return bad(`${status} for ${method}${to}`, "redirect");
  }
  const get = (name: string) => {
    const value = headers[name];
    return Array.isArray(value) ? value.join(", ") : (value ?? null);
  };
  const edge = edgeOf({ status, headers: { get }, text });
  return (
    edge && { verdict: "bad", got: `${describe(reply)}: ${describeEdge(edge)}`, mistake: "html-error", fix: edge.fix }
  );
}

/** An app acknowledges a delivery without a web page, and rejects it without one. */
function page(reply: Reply): Outcome | undefined {
  const { status = 0, text } = reply;
  return status < 300 && isPage(text) ? bad(`${describe(reply)} with an HTML page`, "html-error") : undefined;
}
