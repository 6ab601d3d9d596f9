/** `wa-hook webhook restore`: restores the callback that wa-hook replaced. */
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
  forget: input("--forget", "Drop the original callback: remove the override and the record", yes),
  verifyToken,
  ...webhookInputs,
});

type Inputs = z.output<typeof inputs>;

export const webhookRestore = defineCommand<typeof inputs, RegistrationEvent>({
  inputs,
  exits: { 1: "The callback was not restored" },
  examples: [
    ["wa-hook webhook restore", "After wa-hook webhook set, or after a killed wa-hook listen"],
    ["wa-hook webhook restore --verify-token-file old.txt", "If the original callback has another verify token"],
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
  if (here.length === 0 && first !== undefined) throw otherGraph(first);
  await using graph = openGraph(inputs, world);
  for (const entry of here) {
    const context = { target: targetOfEntry(graph, entry, inputs), graphUrl, verifyToken: verify, journal };
    if (inputs.forget) yield await forgetEntry(context, entry);
    else yield* restoreEntry(context, entry.id, { signal: world.signal, sure: true });
  }
}

/** Whether the entry stays in the record. */
function isFailure(event: RegistrationEvent): boolean {
  return event.type === "not-restored" || (event.type === "other-listener" && event.original !== undefined);
}

function failed(event: RegistrationEvent): CheckFailedError {
  if (event.type === "not-restored") {
    const { reason, hint } = event;
    const more = hint === undefined ? {} : { hint };
    return new CheckFailedError(`not restored: ${reason}`, { code: "webhook.not-restored", ...more });
  }
  const { url, original } = event as Extract<RegistrationEvent, { type: "other-listener" }>;
  return new CheckFailedError(
    `not restored: someone else changed the callback to ${url}; the original was ${original}`,
    {
      code: "webhook.not-restored",
      hint: "run wa-hook webhook restore --forget to accept that, or wa-hook webhook set <url>",
    },
  );
}

function nothing(): UsageError {
  return new UsageError("nothing to restore: no callback was registered from this folder", {
    code: "webhook.nothing",
    hint: "run wa-hook webhook status for the current callbacks",
  });
}

function otherGraph({ graphUrl }: Entry): UsageError {
  return new UsageError(`the callback was registered at ${graphUrl}, not at the Graph API of the current settings`, {
    code: "webhook.elsewhere",
    hint: `add --graph-url ${graphUrl}, or use the env file of that run`,
  });
}
