/** `wa-hook send read`: the blue ticks, and that an answer is being written. */
import * as z from "zod";

import { curlOf } from "../../graph/curl.ts";
import { markRead, readReceipt } from "../../graph/messages.ts";
import { defineCommand, input, yes } from "../../terminal/command.ts";
import { graphInputs, needPhoneNumberId, needToken, openGraph, phoneNumberId } from "../inputs/graph.ts";

const inputs = z.object({
  message: input("<message id>", "of the received message", z.string()),
  typing: input("--typing", "also show that an answer is being written", yes),
  dryRun: input("--dry-run", "print the request as curl and send nothing", yes),
  phoneNumberId,
  ...graphInputs,
});

type Event = { type: "request"; curl: string } | { type: "read"; id: string; typing: boolean };

export const sendRead = defineCommand<typeof inputs, Event>({
  inputs,
  examples: [
    ["wa-hook send read wamid.HBgL…", "marks it, and all before it, as read"],
    ["wa-hook send read wamid.HBgL… --typing", "and shows that an answer is being written"],
  ],

  async *run(inputs, world) {
    const { message, typing, dryRun } = inputs;
    if (!dryRun) needToken(inputs);
    const from = needPhoneNumberId(inputs.phoneNumberId);
    await using graph = openGraph(inputs, world);
    if (dryRun) {
      const curl = curlOf(graph.urlOf(`${from}/messages`).href, readReceipt(message, typing));
      return yield { type: "request", curl };
    }
    await markRead(graph, from, message, typing);
    yield { type: "read", id: message, typing };
  },

  print(event, paint, original) {
    if (original.type === "request") return original.curl;
    if (event.type === "request") return undefined;
    const typing = event.typing ? "; typing shows until you answer, for 25 s at most" : "";
    return { notice: `${paint.good("✓")} ${event.id} is marked as read${typing}` };
  },
});
