/** `wa-hook token refresh`: replaces a system user's 60-day token with one that is valid for another 60 days. */
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
    "Do nothing if the token is valid for longer, such as 7d",
    duration.optional(),
  ),
  save: saveInput,
  appId: setting("appId", "--app-id <id>", "The app that the token belongs to"),
  ...graphInputs,
});

export const tokenRefresh = defineCommand<typeof inputs, NewTokenEvent>({
  inputs,
  exits: { 1: "The token cannot be refreshed" },
  examples: [
    ["wa-hook token refresh --if-expires-within 7d --save", "In a daily cron job: renew the token before it expires"],
    ["NEW=$(wa-hook token refresh)", "Only the new token is on stdout"],
  ],

  async *run(inputs, world) {
    const old = needToken(inputs);
    const app = needApp(inputs.appId?.value, inputs.appSecret?.value);
    await using graph = openGraph(inputs, world);
    if (inputs.ifExpiresWithin !== undefined) {
      const left = yield* remainingLifetime(graph, old.value, { app, now: world.now() });
      if (left > inputs.ifExpiresWithin) return;
    }
    yield* newToken(await exchangeToken(graph, old.value, app, true), { old, save: inputs.save, world });
  },

  print: printNewToken,
});

/** The remaining lifetime in milliseconds, which may be infinite. Throws a `CheckFailedError` for an invalid token. */
async function* remainingLifetime(
  graph: Graph,
  token: string,
  { app, now }: { app: AppCredentials; now: number },
): AsyncGenerator<Notice, number, void> {
  const inspection = await inspectToken(graph, token, app);
  const { valid = false, expiresAt = 0, error } = inspection?.facts ?? {};
  if (!valid) {
    throw new CheckFailedError(`the token cannot be refreshed: ${error?.message ?? "it is invalid"}`, {
      code: "token.valid",
      hint: "generate a new token: Business settings → Users → System users → Generate token",
    });
  }
  const left = expiresAt === 0 ? Infinity : expiresAt * 1000 - (inspection?.date ?? now);
  yield notice(left === Infinity ? "The token never expires" : `The token expires in ${span(left / 1000)}`);
  return left;
}
