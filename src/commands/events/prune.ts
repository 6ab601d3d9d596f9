/** `wa-hook events prune`: deletes recorded deliveries, also while a listener runs. */
import * as z from "zod";

import { parseDuration } from "../../duration.ts";
import { InterruptedError, UsageError } from "../../errors.ts";
import { size } from "../../graph/media.ts";
import { STORE_FILE } from "../../store/folder.ts";
import { FilePruner, type PrunePlan, type PruneRequest, type PruneResult } from "../../store/sqlite/prune-file.ts";
import { defineCommand, input, notice, sizeInBytes, storeFile, yes } from "../../terminal/command.ts";
import { counted, wrap } from "../../terminal/paint.ts";
import type { World } from "../../terminal/world.ts";
import { fileOf } from "../inputs/recorded.ts";

/** A duration before now, or the time of a date: as a function of now, in milliseconds since 1970. */
const before = z.string().transform((typed, context): ((now: number) => number) => {
  const ms = parseDuration(typed);
  if (ms !== undefined) return (now) => now - ms;
  // A date without a time is midnight here, not in UTC.
  const at = /^\d{4}-\d\d-\d\d$/.test(typed) ? Date.parse(`${typed}T00:00`) : Date.parse(typed);
  if (/^\d{4}-\d\d-\d\d/.test(typed) && Number.isFinite(at)) return () => at;
  context.addIssue("must be a duration such as 7d, or a date such as 2026-08-01 or 2026-08-01T12:00");
  return z.NEVER;
});

const inputs = z.object({
  before: input(
    "--before <time>",
    "Delete deliveries received before a date, or longer ago than 7d",
    before.optional(),
  ),
  keepSize: input("--keep-size <size>", "Delete the oldest until the store has at most 100M", sizeInBytes.optional()),
  all: input("--all", "Delete all deliveries, and the keys by which duplicates are detected", yes),
  yes: input("--yes", "Do not ask for confirmation", yes),
  store: storeFile,
});

type Inputs = z.output<typeof inputs>;
type Event = { type: "progress"; deliveries: number; of: number } | ({ type: "pruned" } & PruneResult);

export const eventsPrune = defineCommand<typeof inputs, Event>({
  inputs,
  examples: [
    ["wa-hook events prune --before 7d", "What was received more than a week ago"],
    ["wa-hook events prune --keep-size 100M --yes", "The oldest, in a script"],
    ["wa-hook events prune --all", "Everything that was recorded"],
  ],

  async *run(given, world) {
    const request = requestOf(given, world);
    const file = given.store ?? STORE_FILE;
    using pruner = await FilePruner.open(fileOf(given.store, world));
    const plan = pruner.plan(request);
    if (plan.deliveries === 0 && !given.all) return yield notice("Nothing to delete: no deliveries match");
    await confirm(plan, given, { file, world });
    const steps = pruner.prune(request, world.signal);
    for (;;) {
      const { done, value } = await steps.next();
      if (done === true) return yield { type: "pruned", ...value };
      yield { type: "progress", deliveries: value.deliveries, of: plan.deliveries };
    }
  },

  print(event, paint) {
    if (event.type === "progress") {
      return { progress: paint.quiet(`Deleting: ${event.deliveries} of ${event.of} deliveries`) };
    }
    const { deliveries, bytes, pending, freed, reusable } = event;
    const parts = [
      `${counted(deliveries, "delivery", "deliveries")} deleted (${size(bytes)})`,
      ...(pending > 0 ? [`${pending} not forwarded yet`] : []),
      ...(freed > 0 ? [`file ${size(freed)} smaller`] : []),
      ...(reusable > 0 ? [`${size(reusable)} free in the file`] : []),
    ];
    return wrap(parts.join(" · "), paint.width, 2);
  },
});

function requestOf({ before: since, keepSize, all }: Inputs, world: World): PruneRequest {
  if (all && (since !== undefined || keepSize !== undefined)) {
    throw new UsageError("--all cannot be combined with --before or --keep-size", {
      code: "events.prune-all",
      hint: "leave one of them out",
    });
  }
  if (all) return { all, bytes: 0 };
  if (since === undefined && keepSize === undefined) {
    throw new UsageError("no deliveries selected", {
      code: "events.prune-nothing",
      hint: "use --before 30d, --keep-size 100M or --all",
    });
  }
  return {
    ...(since === undefined ? {} : { before: since(world.now()) }),
    ...(keepSize === undefined ? {} : { bytes: keepSize }),
  };
}

async function confirm(
  { deliveries, bytes }: PrunePlan,
  { yes: isConfirmed, keepSize }: Inputs,
  { file, world }: { file: string; world: World },
): Promise<void> {
  if (isConfirmed) return;
  if (world.ask === undefined) {
    throw new UsageError("deleting deliveries must be confirmed", {
      code: "events.prune-unconfirmed",
      hint: "add --yes",
    });
  }
  const about = keepSize === undefined ? "" : "about ";
  const question = `Delete ${about}${counted(deliveries, "delivery", "deliveries")} (${size(bytes)}) from ${file}?`;
  if (await world.ask.confirm(question, false)) return;
  throw new InterruptedError("nothing was deleted", { code: "events.prune-declined" });
}
