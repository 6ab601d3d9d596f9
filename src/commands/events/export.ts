/** `wa-hook events export`: recorded deliveries as NDJSON, their bytes exactly as received; `replay` takes it back. */
import * as z from "zod";

import { CheckFailedError } from "../../errors.ts";
import { printableJson } from "../../printable.ts";
import { isMalformed } from "../../store/rows.ts";
import type { Delivery } from "../../store/store.ts";
import { defineCommand, input, storeFile, whole } from "../../terminal/command.ts";
import { openRecorded } from "../inputs/recorded.ts";

const inputs = z.object({
  ids: input("[ids...]", "deliveries by number, or @last (default: all)", z.array(z.string()).default([])),
  limit: input("--limit <n>", "only so many of the newest", whole(1, 1_000_000_000).optional()),
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

const TOLD = 20;

/** What could be exported was. */
function incomplete(leftOut: readonly string[]): CheckFailedError {
  const more = leftOut.length - TOLD;
  const count = leftOut.length === 1 ? "one malformed delivery was" : `${leftOut.length} malformed deliveries were`;
  return new CheckFailedError(`${count} left out`, {
    code: "store.malformed",
    hint: "all the others were exported",
    about: [...leftOut.slice(0, TOLD), ...(more > 0 ? [`and ${more} more`] : [])],
  });
}

export const eventsExport = defineCommand<typeof inputs, ExportLine>({
  inputs,
  examples: [
    ["wa-hook events export > received.ndjson", "everything, one delivery a line"],
    ["wa-hook events export @last | wa-hook replay - --to 3000", "the newest one, delivered again"],
  ],

  async *run({ ids, limit, store: file }, world) {
    await using store = await openRecorded(file, world);
    if (ids.length > 0) {
      for (const delivery of ids.map((id) => store.find(id))) yield exportLine(delivery);
      return;
    }
    const leftOut: string[] = [];
    for (const row of store.rows(limit === undefined ? {} : { newest: limit })) {
      if (world.signal.aborted) return;
      if (isMalformed(row)) leftOut.push(`${row.id}: ${row.malformed}`);
      else yield exportLine(row);
    }
    if (leftOut.length > 0) throw incomplete(leftOut);
  },

  print: (_event, _paint, line) => printableJson(line),
});
