/** `wa-hook token refresh`: a system user's token of 60 days gets another 60. */
import * as z from "zod";

import { CheckFailedError } from "../../errors.ts";
import type { Graph } from "../../graph/client.ts";
import { span } from "../../graph/token-findings.ts";
import { exchangeToken, inspectToken, needApp, type AppCredentials } from "../../graph/token.ts";
import { defineCommand, duration, input, notice, setting, type Notice } from "../../terminal/command.ts";
import { graphInputs, needToken, openGraph } from "../inputs/graph.ts";
import { newToken, printNewToken, saveInput, type NewTokenEvent } from "./new-token.ts";

const inputs = z.object({
  ifExpiresWithin: input(
    "--if-expires-within <time>",
    "do nothing while it lives longer than this, such as 7d",
    duration.optional(),
  ),
  save: saveInput,
  appId: setting("appId", "--app-id <id>", "the app that the token is of"),
  ...graphInputs,
});

export const tokenRefresh = defineCommand<typeof inputs, NewTokenEvent>({
  inputs,
  examples: [
    ["wa-hook token refresh --if-expires-within 7d --save", "once a day by cron: never an expired token again"],
    ["NEW=$(wa-hook token refresh)", "the new token, and nothing else, on stdout"],
  ],

  async *run(inputs, world) {
    const old = needToken(inputs);
    const app = needApp(inputs.appId?.value, inputs.appSecret?.value);
    await using graph = openGraph(inputs, world);
    if (inputs.ifExpiresWithin !== undefined) {
      const left = yield* lifeLeft(graph, old.value, { app, now: world.now() });
      if (left > inputs.ifExpiresWithin) return;
    }
    yield* newToken(await exchangeToken(graph, old.value, app, true), { old, save: inputs.save, world });
  },

  print: printNewToken,
});

/** Milliseconds that the token has left, for ever included. Throws when it has none. */
async function* lifeLeft(
  graph: Graph,
  token: string,
  { app, now }: { app: AppCredentials; now: number },
): AsyncGenerator<Notice, number, void> {
  const inspection = await inspectToken(graph, token, app);
  const { valid = false, expiresAt = 0, error } = inspection?.facts ?? {};
  if (!valid) {
    throw new CheckFailedError(`the token cannot be refreshed: ${error?.message ?? "it is not valid"}`, {
      code: "token.valid",
      hint: "only a living token can; generate a new one: Business settings → Users → System users → Generate token",
    });
  }
  const left = expiresAt === 0 ? Infinity : expiresAt * 1000 - (inspection?.date ?? now);
  yield notice(left === Infinity ? "The token never expires" : `The token has ${span(left / 1000)} left`);
  return left;
}
