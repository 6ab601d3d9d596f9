/** `wa-hook token exchange`: exchanges a user's short-lived token for one that is valid for 60 days. */
import * as z from "zod";

import { exchangeToken, needApp } from "../../graph/token.ts";
import { defineCommand, setting } from "../../terminal/command.ts";
import { graphInputs, needToken, openGraph } from "../inputs/graph.ts";
import { newToken, printNewToken, saveInput, type NewTokenEvent } from "./new-token.ts";

const inputs = z.object({
  save: saveInput,
  appId: setting("appId", "--app-id <id>", "The app that the token belongs to"),
  ...graphInputs,
});

export const tokenExchange = defineCommand<typeof inputs, NewTokenEvent>({
  inputs,
  examples: [
    ["wa-hook token exchange --save", "Replace the token in the env file that it came from"],
    ["NEW=$(wa-hook token exchange)", "Only the new token is on stdout"],
  ],

  async *run(inputs, world) {
    const old = needToken(inputs);
    const app = needApp(inputs.appId?.value, inputs.appSecret?.value);
    await using graph = openGraph(inputs, world);
    yield* newToken(await exchangeToken(graph, old.value, app, false), { old, save: inputs.save, world });
  },

  print: printNewToken,
});
