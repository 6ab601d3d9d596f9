/** `wa-hook events list`: what was received. */
import * as z from "zod";

import { count, defineCommand, input, notice, storeFile } from "../cli/command.ts";
import { moment } from "../cli/paint.ts";
import type { Delivery } from "../store/store.ts";
import { eventLine } from "./event-line.ts";
import { openRecorded } from "./recorded.ts";

const inputs = z.object({
  limit: input("--limit <n>", "so many deliveries at most (default: 20)", count(1, 1_000_000, 20)),
  store: storeFile,
});

type Event = { type: "delivery" } & Pick<Delivery, "id" | "receivedAt" | "verdict" | "refusal" | "events">;

export const eventsList = defineCommand<typeof inputs, Event>({
  inputs,
  examples: [
    ["wa-hook events list", "the newest 20 deliveries, the newest last"],
    ["wa-hook events list --limit 1000 --json", "more of them, as JSON lines"],
  ],

  async *run({ limit, store: file }, world) {
    await using store = await openRecorded(file, world);
    if (store.last() === undefined) yield notice("Nothing is recorded yet. Start wa-hook listen, then wa-hook replay.");
    for (const { id, receivedAt, verdict, refusal, events } of store.deliveries(limit)) {
      yield { type: "delivery", id, receivedAt, verdict, ...(refusal === undefined ? {} : { refusal }), events };
    }
  },

  print({ id, receivedAt, verdict, refusal = "", events }, paint) {
    const when = `${id.padStart(4)}  ${moment(receivedAt)}`;
    const shown =
      verdict === "refused"
        ? [{ group: "odd", kind: "refused", field: "", path: "", summary: refusal } as const]
        : events;
    const mark = { accepted: "←", duplicate: "=", refused: "✗" }[verdict];
    return shown.map((each) => eventLine(when, each, mark, verdict === "duplicate" ? "duplicate" : "", paint));
  },
});
