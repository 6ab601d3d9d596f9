/** `wa-hook webhook subscribe`: subscribes the app to the webhooks of the WABA. */
import * as z from "zod";

import { readSubscribedApps, subscribeApp } from "../../graph/subscriptions.ts";
import { defineCommand } from "../../terminal/command.ts";
import { needAccount, needToken, openGraph } from "../inputs/graph.ts";
import { webhookInputs } from "./inputs.ts";

const inputs = z.object(webhookInputs);

/** The app gets the webhooks of this WABA. */
interface Event {
  type: "subscribed";
  /** The ID of the WABA. */
  account: string;
}

export const webhookSubscribe = defineCommand<typeof inputs, Event>({
  inputs,
  examples: [["wa-hook webhook subscribe", "The app of the access token and the WABA in the settings"]],

  async *run(inputs, world) {
    needToken(inputs);
    const account = needAccount(inputs);
    await using graph = openGraph(inputs, world);
    const own = (await readSubscribedApps(graph, account)).find(({ id }) => id === inputs.appId?.value);
    // Subscribing again without an override would remove the existing override.
    if (own?.override === undefined) await subscribeApp(graph, account);
    yield { type: "subscribed", account };
  },

  print: ({ account }, paint) => ({
    notice: `${paint.good("✓")} App subscribed to WABA ${account}`,
  }),
});
