/** Whether the app still responds at the end. */
import { AppEnded, describe } from "../endpoint.ts";
import { bad, defineProbe, pass } from "../probe.ts";

export const alive = defineProbe({
  code: "conditions.alive",
  title: "Still responds",
  expected: "a response",
  why: "an error that is not caught can end the app",
  severity: "fail",
  needs: [],
  blocks: "the app has ended",
  turn: "last",
  async ask(endpoint) {
    const { data } = endpoint;
    try {
      const reply = await endpoint.deliver(data.delivery([data.text("wa-hook check")]));
      return reply.status === undefined ? bad(describe(reply), "app-ended") : pass(describe(reply));
    } catch (error) {
      if (error instanceof AppEnded) return bad(error.message, "app-ended");
      throw error;
    }
  },
});
