/** `wa-hook webhook unsubscribe`: the app gets none of the account's webhooks any more. */
import * as z from "zod";

import { defineCommand } from "../cli/command.ts";
import { unsubscribeApp } from "../graph/subscriptions.ts";
import { needToken, openGraph } from "./graph.ts";
import { needAccount, webhookInputs } from "./webhook-inputs.ts";

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
