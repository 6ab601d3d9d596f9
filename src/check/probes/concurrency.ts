/** Many deliveries at once, the same one twice, and statuses in any order. */
import { describe, isAccepted } from "../endpoint.ts";
import { GRAPH_WEBHOOKS_DOCS, THROUGHPUT_DOCS } from "../meta-docs.ts";
import { bad, defineProbe, pass } from "../probe.ts";

const AT_ONCE = 50;

export const burst = defineProbe({
  code: "conditions.burst",
  title: `${AT_ONCE} concurrent`,
  expected: "200",
  why: "Meta delivers concurrently, and sends everything that is due after an outage",
  source: THROUGHPUT_DOCS,
  severity: "fail",
  needs: ["vocabulary.statuses"],
  blocks: "concurrent deliveries fail",
  turn: "last",
  async ask(endpoint) {
    const { data } = endpoint;
    const replies = await endpoint.burst(Array.from({ length: AT_ONCE }, () => data.statuses(["delivered"])));
    const failed = replies.filter((reply) => !isAccepted(reply));
    const [first] = failed;
    if (first === undefined) return pass(`${AT_ONCE} accepted`);
    return bad(`${describe(first)} for ${failed.length} of ${AT_ONCE}`, "fails-under-load");
  },
});

export const duplicate = defineProbe({
  code: "conditions.duplicate",
  title: "Duplicate",
  expected: "200",
  why: "Meta delivers at least once: an acknowledgment that gets lost leads to the same delivery again",
  source: GRAPH_WEBHOOKS_DOCS,
  severity: "fail",
  needs: ["signature.valid"],
  blocks: "duplicates are rejected",
  async ask(endpoint) {
    const { data } = endpoint;
    const payload = data.delivery([data.text("wa-hook check: duplicate", data.ownCustomer())]);
    await endpoint.deliver(payload);
    const again = await endpoint.deliver(payload);
    return isAccepted(again) ? pass(describe(again)) : bad(describe(again), "rejects-duplicates");
  },
});

export const simultaneous = defineProbe({
  code: "conditions.simultaneous",
  title: "Concurrent duplicates",
  expected: "200",
  why: "a retry can arrive while the first delivery is still being processed",
  source: GRAPH_WEBHOOKS_DOCS,
  severity: "fail",
  needs: ["conditions.duplicate"],
  blocks: "simultaneous duplicates are rejected",
  async ask(endpoint) {
    const { data } = endpoint;
    const payload = data.delivery([data.text("wa-hook check: twice at once", data.ownCustomer())]);
    const replies = await Promise.all([endpoint.deliver(payload), endpoint.deliver(payload)]);
    const failed = replies.find((reply) => !isAccepted(reply));
    return failed === undefined ? pass("both accepted") : bad(describe(failed), "rejects-duplicates");
  },
});

export const disorder = defineProbe({
  code: "conditions.order",
  title: "Statuses out of order",
  expected: "200",
  why: "Meta does not keep the order: read can come before delivered, and both before sent",
  source: GRAPH_WEBHOOKS_DOCS,
  severity: "fail",
  needs: ["vocabulary.statuses"],
  blocks: "statuses out of order fail",
  async ask(endpoint) {
    const { data } = endpoint;
    const id = data.id();
    for (const status of ["read", "delivered", "sent"]) {
      const reply = await endpoint.deliver(data.statuses([status], id));
      if (!isAccepted(reply)) return bad(`${describe(reply)} for ${status}`, "rejects-disorder");
    }
    return pass("accepted");
  },
});
