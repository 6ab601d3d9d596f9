/** The filters of the commands about recorded deliveries. */
import * as z from "zod";

import { parseDuration } from "../../duration.ts";
import { UsageError } from "../../errors.ts";
import { QUERY_STATUSES, type Query } from "../../store/query.ts";
import type { RecordedStore } from "../../store/readable.ts";
import { input, notice, type Notice } from "../../terminal/command.ts";
import type { World } from "../../terminal/world.ts";
import { eventFilter } from "../../webhook/filter.ts";

/** A moment as typed: so long ago, or a day or a time on it. */
type Moment = { agoMs: number } | { at: number; isDay: boolean };

const DAY = /^\d{4}-\d\d-\d\d$/;
const TIME = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?$/;

const moment = z.string().transform((typed, context): Moment => {
  const agoMs = parseDuration(typed);
  if (agoMs !== undefined) return { agoMs };
  const isDay = DAY.test(typed);
  // A day without a time would be read as UTC.
  const at = isDay ? Date.parse(`${typed}T00:00`) : TIME.test(typed) ? Date.parse(typed.replace(" ", "T")) : Number.NaN;
  if (!Number.isNaN(at)) return { at, isDay };
  context.addIssue("must be a duration or a time, such as 2h, 3d, 2026-08-01 or 2026-08-01T12:00");
  return z.NEVER;
});

/** A phone number in any form, or a business-scoped user ID. */
export const person = z
  .string()
  .transform((typed) => (/^\+?[\d\s().-]+$/.test(typed) ? typed.replaceAll(/\D/g, "") : typed));

const MAX_SEARCH = 1000;

const [kind, from, since, until, search] = [
  input("--kind <list>", "Only these kinds, such as text,failed,account_*", z.string().optional()),
  input("--from <number>", "Only events from this customer", person.optional()),
  input("--since <time>", "Received since then: 2h, 3d, 2026-08-01 or 2026-08-01T12:00", moment.optional()),
  input("--until <time>", "Received until then", moment.optional()),
  input("--search <text>", "Only with this text in the summary, name or an ID", z.string().max(MAX_SEARCH).optional()),
];

/** Without those whose names mean something else where deliveries are forwarded. */
export const eventFilters = { kind, from, since, until, search };

export const filters = {
  kind,
  from,
  to: input("--to <number>", "Only events to this customer: statuses and echoes", person.optional()),
  since,
  until,
  status: input(
    "--status <status>",
    "Verdict accepted, duplicate or rejected; forwarding pending, failed or delivered",
    z.enum(QUERY_STATUSES, "must be accepted, duplicate, rejected, pending, failed or delivered").optional(),
  ),
  search,
};

export type Filters = Partial<z.output<z.ZodObject<typeof filters>>>;

/** With more deliveries than this to be indexed, it takes seconds. */
const WORTH_A_NOTICE = 20_000;

/** The conditions that were typed, apart from what the store must be asked for. */
export interface Conditions extends Pick<Query, "customer" | "direction" | "since" | "until" | "search" | "status"> {
  /** The list of kinds as typed. */
  kind?: string;
}

export function conditionsOf(typed: Filters, world: World): Conditions {
  const { kind, from, to, search, status } = typed;
  if (from !== undefined && to !== undefined) {
    throw new UsageError("--from and --to exclude each other", {
      code: "filter.both-ends",
      hint: `for both directions, run wa-hook events conversation ${from}`,
    });
  }
  const customer = from ?? to;
  const [since, until] = [startOf(typed.since, world), endOf(typed.until, world)];
  return {
    ...(kind === undefined ? {} : { kind }),
    ...(customer === undefined ? {} : { customer, direction: from === undefined ? "to" : "from" }),
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
    ...(search === undefined || search === "" ? {} : { search }),
    ...(status === undefined ? {} : { status }),
  };
}

/** Whether they are about events, which are found in the index. */
export function needsIndex({ kind, customer, search }: Conditions): boolean {
  return [kind, customer, search].some((each) => each !== undefined);
}

/** What was typed as a query. What it asks about the events is in the index then. */
export async function* queryOf(
  typed: Filters,
  store: RecordedStore,
  world: World,
): AsyncGenerator<Notice, Query, void> {
  const { kind, ...conditions } = conditionsOf(typed, world);
  if (needsIndex({ ...conditions, ...(kind === undefined ? {} : { kind }) })) yield* indexed(store, world);
  return { ...(kind === undefined ? {} : { kinds: eventFilter(kind, await store.kinds()) }), ...conditions };
}

/** Brings the index of events up to date. */
export async function* indexed(store: RecordedStore, world: World): AsyncGenerator<Notice, void, void> {
  const { unindexed } = store;
  if (unindexed > WORTH_A_NOTICE) yield notice(`Indexing ${unindexed.toLocaleString("en-US")} deliveries …`);
  await store.index(world.signal);
}

function startOf(moment: Moment | undefined, world: World): number | undefined {
  if (moment === undefined) return undefined;
  return "at" in moment ? moment.at : Math.round(world.now() - moment.agoMs);
}

/** Excluded; a day includes all of it. */
function endOf(moment: Moment | undefined, world: World): number | undefined {
  if (moment === undefined || !("isDay" in moment) || !moment.isDay) return startOf(moment, world);
  const end = new Date(moment.at);
  end.setDate(end.getDate() + 1);
  return end.getTime();
}
