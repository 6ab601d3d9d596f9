/** `wa-hook events export`: recorded deliveries as NDJSON with their exact bytes, which `replay` can read. */
import * as z from "zod";

import { CheckFailedError } from "../../errors.ts";
import { printableJson } from "../../printable.ts";
import { isMalformed } from "../../store/sqlite/rows.ts";
import type { Delivery } from "../../store/store.ts";
import { defineCommand, input, storeFile, whole } from "../../terminal/command.ts";
import { counted } from "../../terminal/paint.ts";
import { filters, queryOf } from "../inputs/filters.ts";
import { openRecorded } from "../inputs/recorded.ts";

const inputs = z.object({
  ids: input("[ids...]", "Deliveries by id, or @last (default: all)", z.array(z.string()).default([])),
  ...filters,
  limit: input("--limit <n>", "Export only this many of the newest deliveries", whole(1, 1_000_000_000).optional()),
  store: storeFile,
});

/** One line: a delivery with its body in base64. */
export interface ExportLine extends Omit<Delivery, "body"> {
  /** The exact bytes of the body, in Base64. */
  body_b64: string;
}

export function exportLine({ id, receivedAt, headers, body, verdict, reason, events }: Delivery): ExportLine {
  const body_b64 = Buffer.from(body).toString("base64");
  return { id, receivedAt, headers, body_b64, verdict, ...(reason === undefined ? {} : { reason }), events };
}

/** The maximum number of malformed deliveries to list. */
const LISTED = 20;

function incomplete(skipped: readonly string[]): CheckFailedError {
  const more = skipped.length - LISTED;
  const count = counted(skipped.length, "malformed delivery", "malformed deliveries");
  return new CheckFailedError(`${count} skipped`, {
    code: "store.malformed",
    hint: "all other deliveries were exported",
    about: [...skipped.slice(0, LISTED), ...(more > 0 ? [`and ${more} more`] : [])],
  });
}

export const eventsExport = defineCommand<typeof inputs, ExportLine>({
  inputs,
  exits: { 1: "Some deliveries are malformed; all others were exported" },
  examples: [
    ["wa-hook events export > received.ndjson", "All deliveries, one per line"],
    ["wa-hook events export --kind text --since 7d", "Only some of them"],
    ["wa-hook events export @last | wa-hook replay - --to 3000", "The newest delivery, sent again"],
  ],

  async *run({ ids, limit, store: file, ...typed }, world) {
    await using store = await openRecorded(file, world);
    if (ids.length > 0) {
      for (const id of ids) yield exportLine(await store.find(id));
      return;
    }
    const query = yield* queryOf(typed, store, world);
    const skipped: string[] = [];
    for await (const row of store.matching({ ...query, ...(limit === undefined ? {} : { newest: limit }) })) {
      if (world.signal.aborted) return;
      if (isMalformed(row)) skipped.push(`${row.id}: ${row.malformed}`);
      else yield exportLine(row);
    }
    if (skipped.length > 0) throw incomplete(skipped);
  },

  print: (_event, _paint, line) => printableJson(line),
});
