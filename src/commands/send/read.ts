/** `wa-hook send read`: marks a received message as read, and can show a typing indicator. */
import * as z from "zod";

import { curlOf } from "../../graph/curl.ts";
import { markRead, readReceipt } from "../../graph/messages.ts";
import { defineCommand, input, storeFile, yes } from "../../terminal/command.ts";
import { graphInputs, needPhoneNumberId, needToken, openGraph, phoneNumberId } from "../inputs/graph.ts";
import { MESSAGE_ID, resolveMessageId } from "../inputs/message-id.ts";
import { resultLine } from "../views/findings.ts";

const inputs = z.object({
  message: input("<message id>", `The received message (${MESSAGE_ID})`, z.string()),
  typing: input("--typing", "Also show a typing indicator", yes),
  dryRun: input("--dry-run", "Print the request as curl without sending it", yes),
  store: storeFile,
  phoneNumberId,
  ...graphInputs,
});

type Event =
  /** With `--dry-run`: the request that would be sent; the token is left out. */
  | { type: "request"; curl: string }
  /** This message was marked as read, and whether a typing indicator is shown. */
  | { type: "read"; id: string; typing: boolean };

export const sendRead = defineCommand<typeof inputs, Event>({
  inputs,
  examples: [
    ["wa-hook send read @last", "Mark the last received message, and all before it, as read"],
    ["wa-hook send read @last --typing", "Also show a typing indicator"],
  ],

  async *run(inputs, world) {
    const { typing, dryRun, store } = inputs;
    if (!dryRun) needToken(inputs);
    const sender = needPhoneNumberId(inputs.phoneNumberId);
    const message = await resolveMessageId(inputs.message, { store, received: true }, world);
    await using graph = openGraph(inputs, world);
    if (dryRun) {
      const curl = curlOf(graph.urlOf(`${sender}/messages`).href, readReceipt(message, typing));
      return yield { type: "request", curl };
    }
    await markRead(graph, sender, message, typing);
    yield { type: "read", id: message, typing };
  },

  print(event, paint, original) {
    if (original.type === "request") return original.curl;
    if (event.type === "request") return undefined;
    const typing = event.typing ? "; typing indicator for up to 25 s" : "";
    return { notice: resultLine("pass", { label: "Marked as read", result: `${event.id}${typing}` }, paint) };
  },
});
