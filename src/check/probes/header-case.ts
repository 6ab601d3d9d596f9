/** Whether the signature header is found in any case. */
import { sign } from "../../webhook/signature.ts";
import { describe, isAccepted } from "../endpoint.ts";
import { bad, defineProbe, pass } from "../probe.ts";

export const headerCase = defineProbe({
  code: "signature.header-case",
  title: "Header name in any case",
  expected: "200",
  why: "header names are case-insensitive (RFC 9110), and HTTP/2 and many proxies write them in lowercase",
  severity: "fail",
  needs: ["signature.valid"],
  blocks: "the header is found in one spelling only",
  async ask(endpoint) {
    const { data, appSecret } = endpoint;
    const replies = await Promise.all(
      ["x-hub-signature-256", "X-HUB-SIGNATURE-256"].map(async (name) => {
        const payload = data.delivery([data.text("wa-hook check")]);
        return { name, reply: await endpoint.deliver(payload, { sign: (body) => [[name, sign(body, appSecret)]] }) };
      }),
    );
    const rejected = replies.find(({ reply }) => !isAccepted(reply));
    if (rejected === undefined) return pass(describe(replies[0]?.reply ?? { headers: {}, text: "", ms: 0 }));
    return bad(`${describe(rejected.reply)} for ${rejected.name}`, "case-sensitive-header");
  },
});
