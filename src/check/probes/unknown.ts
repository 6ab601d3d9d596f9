/** What Meta may add at any time: unknown fields, types, statuses and values. */
import { describe, isAccepted, type Endpoint } from "../endpoint.ts";
import { WEBHOOKS_DOCS } from "../meta-docs.ts";
import { bad, defineProbe, pass, type Probe } from "../probe.ts";

function unknown(
  definition: Pick<Probe, "code" | "title" | "needs" | "blocks">,
  payloads: (endpoint: Endpoint) => readonly object[],
): Probe {
  return defineProbe({
    expected: "200",
    why: "Meta adds fields, types and values without notice; an error of the app stops nothing and is repeated for 7 days",
    source: WEBHOOKS_DOCS,
    severity: "warn",
    ...definition,
    async ask(endpoint) {
      const replies = await Promise.all(payloads(endpoint).map((payload) => endpoint.deliver(payload)));
      const rejected = replies.find((reply) => !isAccepted(reply));
      return rejected === undefined ? pass("accepted") : bad(describe(rejected), "crash-on-unknown");
    },
  });
}

export const unknownField = unknown(
  {
    code: "vocabulary.unknown-field",
    title: "Unknown field",
    needs: ["vocabulary.fields"],
    blocks: "unknown fields fail",
  },
  ({ data }) => [
    data.change("wa_hook_check_field", { event: "WA_HOOK_CHECK" }),
    data.change("wa_hook_check_field", {}),
  ],
);

export const unknownType = unknown(
  {
    code: "vocabulary.unknown-type",
    title: "Unknown message type",
    needs: ["vocabulary.messages"],
    blocks: "unknown types of messages fail",
  },
  ({ data }) => [
    data.delivery([data.message("wa_hook_check", { wa_hook_check: { text: "a type that does not exist" } })]),
    data.delivery([data.message("wa_hook_check", {})]),
  ],
);

export const unknownStatus = unknown(
  {
    code: "vocabulary.unknown-status",
    title: "Unknown status",
    needs: ["vocabulary.statuses"],
    blocks: "unknown statuses fail",
  },
  ({ data }) => [data.statuses(["wa_hook_check"])],
);

export const unknownValue = unknown(
  {
    code: "vocabulary.unknown-value",
    title: "Unknown value",
    needs: ["vocabulary.messages", "vocabulary.statuses"],
    blocks: "unknown values fail",
  },
  ({ data }) => [
    data.delivery([
      data.message("interactive", { interactive: { type: "wa_hook_check", wa_hook_check: { id: "1" } } }),
    ]),
    data.delivery([data.message("text", { text: { body: "wa-hook check", wa_hook_check: [1] }, wa_hook_check: null })]),
    data.statuses(["delivered"], undefined, { pricing: { billable: true, category: "wa_hook_check", type: "none" } }),
  ],
);
