/** Whether the app accepts what Meta signs; when it does not, which mistake of the app explains it. */
import { adviseOnStatus } from "../../webhook/advice.ts";
import { isRejection } from "../../webhook/diagnosis.ts";
import { isPage } from "../../webhook/edge-rules.ts";
import { describe, isAccepted } from "../endpoint.ts";
import { ENDPOINT_DOCS } from "../meta-docs.ts";
import { bad, defineProbe, pass } from "../probe.ts";
import { explainRejection } from "../rejection.ts";

export const validSignature = defineProbe({
  code: "signature.valid",
  title: "Valid signature",
  expected: "200",
  why: "Meta signs every delivery with the app secret, and repeats what is not acknowledged for up to 7 days",
  source: ENDPOINT_DOCS,
  severity: "fail",
  needs: ["endpoint.redirect"],
  blocks: "deliveries with a valid signature are rejected",
  turn: "first",
  async ask(endpoint) {
    const reply = await endpoint.first();
    if (isAccepted(reply)) return pass(describe(reply));
    const { status = 0, text, failure } = reply;
    const explained = await explainRejection(endpoint);
    if (explained !== undefined) return bad(`${describe(reply)}; ${explained.because}`, explained.mistake);
    // An error of the app itself is often an HTML page, too.
    if (isPage(text) && status !== 500) return bad(`${describe(reply)} with an HTML page`, "html-error");
    if (isRejection(status)) return bad(describe(reply), "wrong-secret");
    const fix = failure ?? adviseOnStatus(status);
    return bad(describe(reply), "rejects-deliveries", fix);
  },
});
