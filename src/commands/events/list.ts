/** `wa-hook events list`: what was received. */
import * as z from "zod";

import { isMalformed, type Malformed } from "../../store/rows.ts";
import type { Delivery } from "../../store/store.ts";
import { count, defineCommand, input, notice, storeFile } from "../../terminal/command.ts";
import { moment } from "../../terminal/paint.ts";
import { openRecorded } from "../inputs/recorded.ts";
import { eventLine } from "../views/event.ts";

const inputs = z.object({
  limit: input("--limit <n>", "so many deliveries at most (default: 20)", count(1, 1_000_000, 20)),
  store: storeFile,
});

type Listed = Pick<Delivery, "id" | "receivedAt" | "verdict" | "refusal" | "events">;

type Event = ({ type: "delivery" } & Listed) | ({ type: "malformed" } & Malformed);

export const eventsList = defineCommand<typeof inputs, Event>({
  inputs,
  examples: [
    ["wa-hook events list", "the newest 20 deliveries, the newest last"],
    ["wa-hook events list --limit 1000 --json", "more of them, as JSON lines"],
  ],

  async *run({ limit, store: file }, world) {
    await using store = await openRecorded(file, world);
    if (store.lastId() === undefined)
      yield notice("Nothing is recorded yet. Start wa-hook listen, then wa-hook replay.");
    for (const row of store.rows({ newest: limit })) {
      if (world.signal.aborted) return;
      if (isMalformed(row)) {
        yield { type: "malformed", ...row };
        continue;
      }
      const { id, receivedAt, verdict, refusal, events } = row;
      yield { type: "delivery", id, receivedAt, verdict, ...(refusal === undefined ? {} : { refusal }), events };
    }
  },

  print(event, paint) {
    if (event.type === "malformed") return paint.bad(`${event.id.padStart(4)}  malformed: ${event.malformed}`);
    const { id, receivedAt, verdict, refusal = "", events } = event;
    const when = `${id.padStart(4)}  ${moment(receivedAt)}`;
    const shown =
      verdict === "refused"
        ? [{ group: "malformed", kind: "refused", field: "", path: "", summary: refusal } as const]
        : events;
    const mark = { accepted: "←", duplicate: "=", refused: "✗" }[verdict];
    return shown.map((each) => eventLine(when, each, mark, verdict === "duplicate" ? "duplicate" : "", paint));
  },
});
