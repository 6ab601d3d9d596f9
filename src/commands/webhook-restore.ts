/** `wa-hook webhook restore`: what was at Meta before wa-hook changed it. */
import * as z from "zod";

import { defineCommand } from "../cli/command.ts";
import { CheckFailedError, UsageError } from "../errors.ts";
import { type Before, idsOf } from "../graph/registration.ts";
import { isRunning, readRegistration } from "../store/registration.ts";
import { graphUrlOf, needToken, openGraph, targetOf } from "./graph.ts";
import { registrationLine } from "./registering-lines.ts";
import { restoreCallback, type RegistrationEvent } from "./registering.ts";
import { needVerifyToken, stillThere, verifyToken, webhookInputs } from "./webhook-inputs.ts";

const inputs = z.object({ verifyToken, ...webhookInputs });

export const webhookRestore = defineCommand<typeof inputs, RegistrationEvent>({
  inputs,
  examples: [["wa-hook webhook restore", "after a listen that was killed, or after webhook set"]],

  async *run(inputs, world) {
    needToken(inputs);
    const left = readRegistration<Before>(world.cwd);
    if (left === undefined) throw nothing();
    if (isRunning(left)) throw stillThere(left.pid);
    if (left.graphUrl !== graphUrlOf(inputs)) throw elsewhere(left.graphUrl);
    const verify = needVerifyToken(inputs.verifyToken);
    await using graph = openGraph(inputs, world);
    const target = { ...targetOf(graph, left.before.level, inputs), ...idsOf(left.before) };
    let failure: Extract<RegistrationEvent, { type: "not-restored" }> | undefined;
    for await (const event of restoreCallback(
      target,
      { url: left.url, verifyToken: verify },
      { before: left.before, cwd: world.cwd },
    )) {
      if (event.type === "not-restored") failure = event;
      else yield event;
    }
    if (failure === undefined) return;
    const { reason, hint } = failure;
    throw new CheckFailedError(`not put back: ${reason}`, {
      code: "webhook.not-restored",
      ...(hint === undefined ? {} : { hint }),
    });
  },

  print: (event, paint) => ({ notice: registrationLine(event, paint) }),
});

function nothing(): UsageError {
  return new UsageError("nothing was registered from this folder, so there is nothing to put back", {
    code: "webhook.nothing",
    hint: "wa-hook webhook status shows what Meta has",
  });
}

function elsewhere(graphUrl: string): UsageError {
  return new UsageError(`it was registered at ${graphUrl}, and the settings lead elsewhere`, {
    code: "webhook.elsewhere",
    hint: `add --graph-url ${graphUrl}, or the env file that was used then`,
  });
}
