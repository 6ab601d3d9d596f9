/** `wa-hook webhook unsubscribe`: the app gets none of the account's webhooks any more. */
import * as z from "zod";

import { unsubscribeApp } from "../../graph/subscriptions.ts";
import { defineCommand } from "../../terminal/command.ts";
import { needToken, openGraph } from "../inputs/graph.ts";
import { needAccount, webhookInputs } from "./inputs.ts";

const inputs = z.object(webhookInputs);

export const webhookUnsubscribe = defineCommand<typeof inputs, { type: "unsubscribed"; account: string }>({
  inputs,
  examples: [["wa-hook webhook unsubscribe", "the app of the access token, and the account in the settings"]],

  async *run(inputs, world) {
    needToken(inputs);
    const account = needAccount(inputs);
    await using graph = openGraph(inputs, world);
    await unsubscribeApp(graph, account);
    yield { type: "unsubscribed", account };
  },

  print: ({ account }, paint) => ({
    notice: `${paint.good("✓")} the token's app gets none of the webhooks of the account ${account} any more`,
  }),
});
