/** `wa-hook events list`: the recorded events, newest last. */
import { setTimeout as sleep } from "node:timers/promises";

import * as z from "zod";

import type { Forward } from "../../store/forward.ts";
import type { Query } from "../../store/query.ts";
import type { RecordedStore } from "../../store/readable.ts";
import { isMalformed, type Malformed } from "../../store/sqlite/rows.ts";
import type { Delivery } from "../../store/store.ts";
import { count, defineCommand, input, notice, storeFile, yes, type Notice } from "../../terminal/command.ts";
import { moment, type Paint } from "../../terminal/paint.ts";
import type { World } from "../../terminal/world.ts";
import { countedTo, type Counted } from "../inputs/counted.ts";
import { filters, indexed, queryOf } from "../inputs/filters.ts";
import { openRecorded } from "../inputs/recorded.ts";
import { eventLine } from "../views/event.ts";
import { forwardMark } from "../views/forward.ts";
import { wrapCut } from "../views/log-line.ts";

const inputs = z.object({
  ...filters,
  limit: input("--limit <n>", "Maximum number of deliveries (default: 20)", count(1, 1_000_000, 20)),
  follow: input("-f, --follow", "Continue with new deliveries until Ctrl-C", yes),
  store: storeFile,
});

type Listed = Pick<Delivery, "id" | "receivedAt" | "verdict" | "reason" | "events"> & {
  /** The result of forwarding it, one for each endpoint of the app. */
  forwards: Forward[];
};

type Event =
  /** A recorded delivery, with its forwards to the app. */
  ({ type: "delivery" } & Listed) | ({ type: "malformed" } & Malformed);

/** Counting further than this takes longer than the list itself, unless all deliveries are counted. */
const COUNTED = 10_000;
/** How often the store is asked for new deliveries. */
const POLL_MS = 200;

export const eventsList = defineCommand<typeof inputs, Event>({
  inputs,
  examples: [
    ["wa-hook events list", "The newest 20 deliveries, newest last"],
    ["wa-hook events list --status failed --since 2d", "What the app did not accept in two days"],
    ["wa-hook events list --kind text,image --from +16505551234 -f", "Messages of a customer, and those to come"],
    ["wa-hook events list --limit 1000 --json", "Up to 1000 deliveries as JSON lines"],
  ],

  async *run({ limit, follow, store: file, ...typed }, world) {
    await using store = await openRecorded(file, world);
    const last = await store.lastId();
    if (last === undefined && !follow)
      yield notice("No deliveries recorded yet", "start wa-hook listen, then run wa-hook replay");
    const query = yield* queryOf(typed, store, world);
    let [shown, after] = [0, last];
    for await (const row of store.matching({ ...query, newest: limit })) {
      if (world.signal.aborted) return;
      yield await listed(row, store);
      after = later(row.id, after);
      shown++;
    }
    if (follow) yield* following(store, { ...query, ...(after === undefined ? {} : { after }) }, world);
    else if (last !== undefined)
      yield footer(shown, await countedTo(Math.max(COUNTED, shown), (atMost) => store.count(query, atMost)));
  },

  print(event, paint) {
    if (event.type === "malformed")
      return paint.bad(wrapCut(`${event.id.padStart(4)}  malformed: ${event.malformed}`, paint.width, 6));
    const { id, receivedAt, verdict, reason = "", events } = event;
    const when = `${id.padStart(4)}  ${moment(receivedAt)}`;
    const shown =
      verdict === "rejected"
        ? [{ group: "malformed", kind: "rejected", field: "", path: "", summary: reason } as const]
        : events;
    const mark = { accepted: "←", duplicate: "=", rejected: "✗" }[verdict];
    const end = endOf(event, paint);
    return shown.map((each) => eventLine(when, each, mark, end, paint));
  },
});

async function listed(row: Delivery | Malformed, store: RecordedStore): Promise<Event> {
  if (isMalformed(row)) return { type: "malformed", ...row };
  const { id, receivedAt, verdict, reason, events } = row;
  const forwards = await store.forwardsOf(id);
  return { type: "delivery", id, receivedAt, verdict, ...(reason === undefined ? {} : { reason }), events, forwards };
}

function endOf({ verdict, forwards }: Listed, paint: Paint): string {
  if (verdict === "duplicate") return "duplicate";
  return forwards.map((forward) => forwardMark(forward, paint)).join(" ");
}

function footer(shown: number, { count: all, text: total }: Counted): Notice {
  if (all === 0) return notice("No deliveries match");
  if (shown >= all) return notice(`${shown.toLocaleString("en-US")} ${shown === 1 ? "delivery" : "deliveries"}`);
  const more = Math.min(shown * 5, 1_000_000);
  return notice(`${shown.toLocaleString("en-US")} of ${total} deliveries; --limit ${more} for more`);
}

/** Ends when `signal` aborts. */
async function* following(
  store: RecordedStore,
  query: Query,
  world: World,
): AsyncGenerator<Event | Notice, void, void> {
  const { signal } = world;
  const needsIndex = [query.kinds, query.customer, query.search].some((each) => each !== undefined);
  let { after } = query;
  let version = -1;
  while (!signal.aborted) {
    const now = await store.version;
    if (now !== version) {
      version = now;
      const end = await store.lastId();
      if (needsIndex) yield* indexed(store, world);
      for await (const row of store.matching({ ...query, ...(after === undefined ? {} : { after }) })) {
        yield await listed(row, store);
        after = later(row.id, after);
      }
      after = end === undefined ? after : later(end, after);
    }
    await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
  }
}

/** Another process can add deliveries at any moment. */
function later(id: string, other: string | undefined): string {
  return other === undefined || BigInt(id) > BigInt(other) ? id : other;
}
