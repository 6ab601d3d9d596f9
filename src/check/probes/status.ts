/** Whether deliveries are acknowledged with the one status that Meta accepts. */
import { describe } from "../endpoint.ts";
import { WEBHOOKS_DOCS } from "../meta-docs.ts";
import { bad, defineProbe, pass } from "../probe.ts";

export const status = defineProbe({
  code: "response.status",
  title: "Status",
  expected: "200",
  why: "Meta treats any other status, also 201 and 204, as a failed delivery and repeats it for up to 7 days",
  source: WEBHOOKS_DOCS,
  severity: "fail",
  needs: ["signature.valid"],
  blocks: "the status is not 200",
  turn: "first",
  async ask(endpoint) {
    const reply = await endpoint.first();
    return reply.status === 200 ? pass("200") : bad(describe(reply), "status-201");
  },
});
