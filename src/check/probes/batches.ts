/** Several entries, changes and messages in one delivery. */
import { describe, isAccepted } from "../endpoint.ts";
import { ENDPOINT_DOCS } from "../meta-docs.ts";
import { bad, defineProbe, pass } from "../probe.ts";

export const batches = defineProbe({
  code: "vocabulary.batches",
  title: "Several events",
  expected: "200",
  why: "one delivery can have up to 1000 updates in several entries and changes",
  source: ENDPOINT_DOCS,
  severity: "fail",
  needs: ["vocabulary.messages", "vocabulary.statuses"],
  blocks: "deliveries with several events fail",
  async ask(endpoint) {
    const { data } = endpoint;
    const text = () => data.text("wa-hook check: batch");
    const deliveries = [
      { name: "several messages", payload: data.delivery([text(), text()]) },
      { name: "several changes", payload: data.delivery([text()], [text()]) },
      { name: "several entries", payload: data.batch([[text()]], [[text()]]) },
      { name: "several statuses", payload: data.statuses(["sent", "delivered", "read"]) },
    ];
    const replies = await endpoint.deliverAll(deliveries.map(({ payload }) => payload));
    const rejected = replies.findIndex((reply) => !isAccepted(reply));
    const reply = replies[rejected];
    if (reply === undefined) return pass("accepted");
    return bad(`${describe(reply)} for ${deliveries[rejected]?.name}`, "crash-on-batches");
  },
});
