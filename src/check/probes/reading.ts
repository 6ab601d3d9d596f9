/** Whether the app reads a delivery before it acknowledges it. */
import { encodeWire } from "../../webhook/wire.ts";
import { ENDPOINT_DOCS } from "../meta-docs.ts";
import { respondsEarly } from "../partial-request.ts";
import { bad, defineProbe, pass } from "../probe.ts";

export const reading = defineProbe({
  code: "response.after-body",
  title: "Reads before responding",
  expected: "no acknowledgment before the body is complete",
  why: "a delivery that is acknowledged unread is lost when it cannot be read, and its signature cannot be verified",
  source: ENDPOINT_DOCS,
  severity: "fail",
  needs: ["signature.valid"],
  blocks: "deliveries are acknowledged before they are read",
  async ask(endpoint) {
    const body = encodeWire(endpoint.data.delivery([endpoint.data.text("wa-hook check")]));
    const early = await respondsEarly(endpoint, body);
    return early === undefined
      ? pass("waits for the body")
      : bad(`${early} before the body was sent`, "answers-before-reading");
  },
});
