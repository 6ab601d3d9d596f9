/** `wa-hook webhook restore`: what was at Meta before wa-hook changed it. */
import * as z from "zod";

import { CheckFailedError, UsageError } from "../../errors.ts";
import type { Entry } from "../../registration/entry.ts";
import type { RegistrationEvent } from "../../registration/event.ts";
import { readEntries } from "../../registration/journal.ts";
import { forgetEntry, restoreEntry } from "../../registration/restore.ts";
import { defineCommand, input, yes } from "../../terminal/command.ts";
import type { World } from "../../terminal/world.ts";
import { graphUrlOf, needToken, openGraph, targetOfEntry } from "../inputs/graph.ts";
import { registrationLine } from "../views/registration.ts";
import { needVerifyToken, openJournal, verifyToken, webhookInputs } from "./inputs.ts";

const inputs = z.object({
  forget: input("--forget", "give up what was there before: remove an override that is left, and the record", yes),
  verifyToken,
  ...webhookInputs,
});

type Inputs = z.output<typeof inputs>;

export const webhookRestore = defineCommand<typeof inputs, RegistrationEvent>({
  inputs,
  examples: [
    ["wa-hook webhook restore", "after a listen that was killed, or after webhook set"],
    ["wa-hook webhook restore --verify-token-file old.txt", "when the earlier callback has another verify token"],
  ],

  async *run(inputs, world) {
    needToken(inputs);
    if (readEntries(world.cwd).length === 0) throw nothing();
    const failures: RegistrationEvent[] = [];
    for await (const event of restored(inputs, world)) {
      if (isFailure(event)) failures.push(event);
      else yield event;
    }
    const [failure, ...others] = failures;
    if (failure === undefined) return;
    for (const other of others) yield other;
    throw failed(failure);
  },

  print: (event, paint) => ({ notice: registrationLine(event, paint) }),
});

async function* restored(inputs: Inputs, world: World): AsyncGenerator<RegistrationEvent, void, void> {
  const verify = inputs.forget ? "" : needVerifyToken(inputs.verifyToken);
  using journal = await openJournal(world);
  const graphUrl = graphUrlOf(inputs);
  const here = journal.entries.filter((entry) => entry.graphUrl === graphUrl).toReversed();
  const [first] = journal.entries;
  if (here.length === 0 && first !== undefined) throw elsewhere(first);
  await using graph = openGraph(inputs, world);
  for (const entry of here) {
    const context = { target: targetOfEntry(graph, entry, inputs), graphUrl, verifyToken: verify, journal };
    if (inputs.forget) yield await forgetEntry(context, entry);
    else yield* restoreEntry(context, entry.id, { signal: world.signal, sure: true });
  }
}

/** What stays in the record. */
function isFailure(event: RegistrationEvent): boolean {
  return event.type === "not-restored" || (event.type === "other-listener" && event.owed !== undefined);
}

function failed(event: RegistrationEvent): CheckFailedError {
  if (event.type === "not-restored") {
    const { reason, hint } = event;
    const more = hint === undefined ? {} : { hint };
    return new CheckFailedError(`not restored: ${reason}`, { code: "webhook.not-restored", ...more });
  }
  const { url, owed } = event as Extract<RegistrationEvent, { type: "other-listener" }>;
  return new CheckFailedError(`not restored: Meta now sends to ${url}, which somebody else has set; it was ${owed}`, {
    code: "webhook.not-restored",
    hint: "when that is right: wa-hook webhook restore --forget; otherwise wa-hook webhook set",
  });
}

function nothing(): UsageError {
  return new UsageError("nothing was registered from this folder, so there is nothing to restore", {
    code: "webhook.nothing",
    hint: "wa-hook webhook status shows what Meta has",
  });
}

function elsewhere({ graphUrl }: Entry): UsageError {
  return new UsageError(`it was registered at ${graphUrl}, and the settings lead elsewhere`, {
    code: "webhook.elsewhere",
    hint: `add --graph-url ${graphUrl}, or the env file that was used then`,
  });
}
