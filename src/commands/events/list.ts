/** `wa-hook events list`: the recorded events, newest last. */
import * as z from "zod";

import { isMalformed, type Malformed } from "../../store/sqlite/rows.ts";
import type { Delivery } from "../../store/store.ts";
import { count, defineCommand, input, notice, storeFile } from "../../terminal/command.ts";
import { moment } from "../../terminal/paint.ts";
import { openRecorded } from "../inputs/recorded.ts";
import { eventLine } from "../views/event.ts";
import { wrapCut } from "../views/log-line.ts";

const inputs = z.object({
  limit: input("--limit <n>", "Maximum number of deliveries (default: 20)", count(1, 1_000_000, 20)),
  store: storeFile,
});

type Listed = Pick<Delivery, "id" | "receivedAt" | "verdict" | "reason" | "events">;

type Event = ({ type: "delivery" } & Listed) | ({ type: "malformed" } & Malformed);

export const eventsList = defineCommand<typeof inputs, Event>({
  inputs,
  examples: [
    ["wa-hook events list", "the newest 20 deliveries, newest last"],
    ["wa-hook events list --limit 1000 --json", "up to 1000 deliveries as JSON lines"],
  ],

  async *run({ limit, store: file }, world) {
    await using store = await openRecorded(file, world);
    if (store.lastId() === undefined)
      yield notice("No deliveries recorded yet", "start wa-hook listen, then run wa-hook replay");
    for (const row of store.rows({ newest: limit })) {
      if (world.signal.aborted) return;
      if (isMalformed(row)) {
        yield { type: "malformed", ...row };
        continue;
      }
      const { id, receivedAt, verdict, reason, events } = row;
      yield { type: "delivery", id, receivedAt, verdict, ...(reason === undefined ? {} : { reason }), events };
    }
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
    return shown.map((each) => eventLine(when, each, mark, verdict === "duplicate" ? "duplicate" : "", paint));
  },
});
