/** `wa-hook events retry`: forwards recorded deliveries to the app once more. */
import * as z from "zod";

import { UsageError } from "../../errors.ts";
import type { Query } from "../../store/query.ts";
import { isMalformed } from "../../store/sqlite/rows.ts";
import { defineCommand, endpoint, input, notice, storeFile, yes } from "../../terminal/command.ts";
import { counted, plain } from "../../terminal/paint.ts";
import type { World } from "../../terminal/world.ts";
import { eventFilters, queryOf } from "../inputs/filters.ts";
import { openRecorded, type Recorded } from "../inputs/recorded.ts";

const inputs = z.object({
  ids: input("[ids...]", "Deliveries by id, or @last", z.array(z.string()).default([])),
  failed: input("--failed", "All forwards that failed", yes),
  all: input("--all", "All accepted deliveries, also those that the app has", yes),
  ...eventFilters,
  to: input(
    "--to <port|path|url>",
    "Forward to this app (default: the same apps again)",
    endpoint("http://localhost/webhook").optional(),
  ),
  store: storeFile,
});

type Inputs = z.output<typeof inputs>;

/** The forwards that are pending now. */
interface Event {
  type: "queued";
  deliveries: number;
  /** By endpoint. */
  forwards: Record<string, number>;
}

/** Deliveries in one transaction. */
const GROUP = 200;

export const eventsRetry = defineCommand<typeof inputs, Event>({
  inputs,
  examples: [
    ["wa-hook events retry 12", "Forward delivery 12 to its apps once more"],
    ["wa-hook events retry --failed --since 2h", "All that failed in two hours"],
    ["wa-hook events retry --all --kind text --to 3000", "All text messages to one app"],
  ],

  async *run(typed, world) {
    requireOneChoice(typed);
    const { ids, failed, to, store: file } = typed;
    await using store = await openRecorded(file, world);
    const query = yield* queryOf({ ...typed, to: undefined }, store, world);
    const status = failed ? ("failed" as const) : ("accepted" as const);
    const groups = ids.length > 0 ? [await chosen(ids, store, to)] : groupsOf({ ...query, status }, store, world);
    const retry = { ...(to === undefined ? {} : { to: to.href }), onlyFailed: failed && to === undefined };
    const forwards = new Map<string, number>();
    let deliveries = 0;
    for await (const group of groups) {
      const targets = await store.requeue(group, retry);
      deliveries += group.length;
      for (const target of targets) forwards.set(target, (forwards.get(target) ?? 0) + 1);
    }
    yield { type: "queued", deliveries, forwards: Object.fromEntries(forwards) };
    const flags = [...forwards.keys()].map((target) => `--forward-to ${target}`);
    if (flags.length > 0) {
      yield notice(
        "Sent within a second if wa-hook listen is running with the same --forward-to",
        `otherwise run wa-hook listen ${flags.slice(0, 5).join(" ")}`,
      );
    } else if (deliveries > 0) {
      yield notice("These deliveries have no app", `run the command again with --to, such as --to 3000`);
    }
  },

  print({ forwards }) {
    const lines = Object.entries(forwards).map(
      ([target, count]) => `${counted(count, "forward")} to ${plain(target)} pending`,
    );
    return lines.length > 0 ? lines : "Nothing to forward";
  },
});

function requireOneChoice({ ids, failed, all, kind, from, since, until, search }: Inputs): void {
  const choices = [ids.length > 0, failed, all].filter(Boolean).length;
  const hint = "use ids such as @last, or --failed, or --all";
  if (choices === 0) throw new UsageError("no delivery is given", { code: "retry.none", hint });
  if (choices > 1) throw new UsageError("ids, --failed and --all exclude each other", { code: "retry.several", hint });
  const isFiltered = [kind, from, since, until, search].some((each) => each !== undefined);
  if (ids.length > 0 && isFiltered) {
    throw new UsageError("filters cannot be combined with ids", {
      code: "retry.filtered-ids",
      hint: "use them with --failed or --all",
    });
  }
}

/** Deliveries by id. Throws for one that can never be forwarded. */
async function chosen(typed: readonly string[], store: Recorded, to: URL | undefined): Promise<string[]> {
  const ids: string[] = [];
  for (const each of typed) {
    const { id, verdict } = await store.find(each);
    if (verdict === "rejected") {
      throw new UsageError(`delivery ${id} was rejected and is never forwarded`, {
        code: "retry.rejected",
        hint: `run wa-hook events show ${id} for the reason`,
      });
    }
    if (to === undefined && (await store.forwardsOf(id)).length === 0) {
      throw new UsageError(`delivery ${id} was not forwarded to any app`, {
        code: "retry.no-app",
        hint: `run wa-hook events retry ${id} --to 3000`,
      });
    }
    ids.push(id);
  }
  return ids;
}

async function* groupsOf(query: Query, store: Recorded, { signal }: World): AsyncGenerator<string[], void, void> {
  let group: string[] = [];
  for await (const row of store.matching(query)) {
    if (signal.aborted) return;
    if (!isMalformed(row)) group.push(row.id);
    if (group.length < GROUP) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}
