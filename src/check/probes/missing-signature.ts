/** Whether the app accepts deliveries that nobody signed. */
import type { Endpoint } from "../endpoint.ts";
import { describe, isAccepted } from "../endpoint.ts";
import { ENDPOINT_DOCS } from "../meta-docs.ts";
import { bad, defineProbe, pass, type Outcome } from "../probe.ts";
import { hmac } from "../rejection.ts";

const WRONG = (body: Buffer) => [["X-Hub-Signature-256", hmac(body, "wa-hook check: wrong secret")]] as const;

export const missingSignature = defineProbe({
  code: "signature.missing",
  title: "No signature",
  expected: "4xx",
  why: "anyone who knows the URL can send deliveries; the signature shows that they come from Meta",
  source: ENDPOINT_DOCS,
  severity: "fail",
  needs: ["signature.valid", "response.after-body"],
  blocks: "deliveries without a signature are accepted",
  async ask(endpoint) {
    const unsigned = endpoint.data.text("wa-hook check: not signed", endpoint.data.ownCustomer());
    const reply = await endpoint.deliver(endpoint.data.delivery([unsigned]), { sign: () => [] });
    if (!isAccepted(reply)) return pass(describe(reply));
    if (await isIgnored(endpoint, unsigned.customer.number)) {
      return bad(`${describe(reply)}, although the app does not process it`, "answers-before-reading", VERIFY_FIRST);
    }
    return explain(endpoint, describe(reply));
  },
});

const VERIFY_FIRST =
  "verify the signature before responding, so that a delivery that fails to verify is not acknowledged";

async function explain(endpoint: Endpoint, got: string): Promise<Outcome> {
  const { data } = endpoint;
  const wrong = await endpoint.deliver(data.delivery([data.text("wa-hook check: wrong signature")]), { sign: WRONG });
  const also = isAccepted(wrong) ? "wrong signatures are accepted too" : "wrong signatures are rejected";
  return bad(`${got}; ${also}`, "accepts-unsigned");
}

/** The app may still process the unsigned message when it has answered a later one: at least this long. */
const MIN_LATE_MS = 500;

/** An app that acknowledges first and verifies afterwards answers a valid message only. */
async function isIgnored(endpoint: Endpoint, customer: string | undefined): Promise<boolean> {
  const { answers, answerMs, data, signal } = endpoint;
  if (answers === undefined) return false;
  const valid = data.text("wa-hook check", data.ownCustomer());
  await endpoint.deliver(data.delivery([valid]));
  const sent = performance.now();
  const answerTo = (number: string | undefined, ms: number) =>
    answers.wait(({ kind, to }) => kind === "message" && to === number, ms, signal);
  if ((await answerTo(valid.customer.number, answerMs)) === undefined) return false;
  const late = Math.max(MIN_LATE_MS, 2 * (performance.now() - sent));
  return (await answerTo(customer, late)) === undefined;
}
