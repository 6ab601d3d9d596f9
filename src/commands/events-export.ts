/** `wa-hook events export`: recorded deliveries as NDJSON, their bytes exactly as received; `replay` takes it back. */
import * as z from "zod";

import { count, defineCommand, input, storeFile } from "../cli/command.ts";
import { printableJson } from "../printable.ts";
import type { Delivery } from "../store/store.ts";
import { openRecorded } from "./recorded.ts";

const inputs = z.object({
  ids: input("[ids...]", "deliveries by number, or @last (default: all)", z.array(z.string()).default([])),
  limit: input("--limit <n>", "only so many of the newest", count(1, 1_000_000_000, 1_000_000_000)),
  store: storeFile,
});

/** One line: a delivery with its body in base64. */
export interface ExportLine extends Omit<Delivery, "body"> {
  body_b64: string;
}

export function exportLine({ id, receivedAt, headers, body, verdict, refusal, events }: Delivery): ExportLine {
  const body_b64 = Buffer.from(body).toString("base64");
  return { id, receivedAt, headers, body_b64, verdict, ...(refusal === undefined ? {} : { refusal }), events };
}

export const eventsExport = defineCommand<typeof inputs, ExportLine>({
  inputs,
  examples: [
    ["wa-hook events export > received.ndjson", "everything, one delivery a line"],
    ["wa-hook events export @last | wa-hook replay - --to 3000", "the newest one, delivered again"],
  ],

  async *run({ ids, limit, store: file }, world) {
    await using store = await openRecorded(file, world);
    const chosen = ids.length > 0 ? ids.map((id) => store.find(id)) : store.deliveries(limit);
    for (const delivery of chosen) {
      if (world.signal.aborted) return;
      yield exportLine(delivery);
    }
  },

  print: (_event, _paint, line) => printableJson(line),
});
