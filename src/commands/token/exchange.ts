/** `wa-hook token exchange`: a user's short-lived token becomes one of 60 days. */
import * as z from "zod";

import { exchangeToken, needApp } from "../../graph/token.ts";
import { defineCommand, setting } from "../../terminal/command.ts";
import { graphInputs, needToken, openGraph } from "../inputs/graph.ts";
import { newToken, printNewToken, saveInput, type NewTokenEvent } from "./new-token.ts";

const inputs = z.object({
  save: saveInput,
  appId: setting("appId", "--app-id <id>", "the app that the token is of"),
  ...graphInputs,
});

export const tokenExchange = defineCommand<typeof inputs, NewTokenEvent>({
  inputs,
  examples: [
    ["wa-hook token exchange --save", "into the env file that the old one came from"],
    ["NEW=$(wa-hook token exchange)", "the new token, and nothing else, on stdout"],
  ],

  async *run(inputs, world) {
    const old = needToken(inputs);
    const app = needApp(inputs.appId?.value, inputs.appSecret?.value);
    await using graph = openGraph(inputs, world);
    yield* newToken(await exchangeToken(graph, old.value, app, false), { old, save: inputs.save, world });
  },

  print: printNewToken,
});
