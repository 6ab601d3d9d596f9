/** `wa-hook webhook unsubscribe`: unsubscribes the app from the webhooks of the WABA. */
import * as z from "zod";

import { unsubscribeApp } from "../../graph/subscriptions.ts";
import { defineCommand } from "../../terminal/command.ts";
import { needAccount, needToken, openGraph } from "../inputs/graph.ts";
import { webhookInputs } from "./inputs.ts";

const inputs = z.object(webhookInputs);

/** The app no longer gets the webhooks of this WABA. */
interface Event {
  type: "unsubscribed";
  /** The ID of the WABA. */
  account: string;
}

export const webhookUnsubscribe = defineCommand<typeof inputs, Event>({
  inputs,
  examples: [["wa-hook webhook unsubscribe", "The app of the access token and the WABA in the settings"]],

  async *run(inputs, world) {
    needToken(inputs);
    const account = needAccount(inputs);
    await using graph = openGraph(inputs, world);
    await unsubscribeApp(graph, account);
    yield { type: "unsubscribed", account };
  },

  print: ({ account }, paint) => ({
    notice: `${paint.good("✓")} App unsubscribed from WABA ${account}`,
  }),
});
