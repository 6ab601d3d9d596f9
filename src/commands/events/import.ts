/** `wa-hook events import`: records exported deliveries again, with their exact bytes and times. */
import { createReadStream } from "node:fs";
import { resolve } from "node:path";

import * as z from "zod";

import { CheckFailedError, reasonOf, UsageError, WaHookError } from "../../errors.ts";
import { linesOf } from "../../replay/lines.ts";
import { makeFolder } from "../../store/folder.ts";
import { Importer, readExportLine } from "../../store/import.ts";
import { openStore } from "../../store/sqlite/sqlite-store.ts";
import type { Received } from "../../store/store.ts";
import { defineCommand, input, storeFile } from "../../terminal/command.ts";
import { counted } from "../../terminal/paint.ts";
import type { World } from "../../terminal/world.ts";
import { fileOf } from "../inputs/recorded.ts";

const inputs = z.object({
  file: input("<file>", "NDJSON from wa-hook events export, or - for standard input", z.string()),
  store: storeFile,
});

type Event =
  | { type: "progress"; lines: number }
  | { type: "imported"; accepted: number; duplicate: number; rejected: number; present: number; malformed: number };

const CHUNK_BYTES = 256 * 1024;
const PROGRESS_LINES = 1000;
/** The maximum number of malformed lines to list. */
const LISTED = 20;

export const eventsImport = defineCommand<typeof inputs, Event>({
  inputs,
  examples: [
    ["wa-hook events import received.ndjson", "Record what another machine exported"],
    ["wa-hook events import received.ndjson --store copy.db", "Into a separate store"],
  ],

  async *run({ file, store: path }, world) {
    if (path === undefined) makeFolder(world.cwd);
    const store = await openStore(fileOf(path, world));
    const importer = new Importer(store);
    const malformed: string[] = [];
    let count = 0;
    try {
      for await (const { number, read } of deliveriesIn(file, world)) {
        if (world.signal.aborted) break;
        if (typeof read !== "string") await importer.add(read);
        else if (++count <= LISTED) malformed.push(`line ${number} ${read}`);
        if (number % PROGRESS_LINES === 0) yield { type: "progress", lines: number };
      }
      await importer.flush();
    } finally {
      await store.close();
    }
    yield { type: "imported", ...importer.counts, malformed: count };
    if (count > 0) throw incomplete(count, malformed);
  },

  print(event) {
    if (event.type === "progress") return { progress: `Importing line ${event.lines.toLocaleString("en-US")}` };
    const { accepted, duplicate, rejected, present } = event;
    const others = [
      ...(duplicate > 0 ? [counted(duplicate, "duplicate")] : []),
      ...(rejected > 0 ? [`${rejected} rejected`] : []),
      ...(present > 0 ? [`${present} already recorded`] : []),
    ];
    const all = counted(accepted + duplicate + rejected, "delivery", "deliveries");
    return `${all} imported${others.length > 0 ? ` (${others.join(", ")})` : ""}`;
  },
});

/** Each line that is not blank: its delivery, or what is wrong with it. */
async function* deliveriesIn(file: string, world: World): AsyncGenerator<{ number: number; read: Received | string }> {
  for await (const lines of linesOf(file === "-" ? "standard input" : file, chunksOf(file, world))) {
    for (const { bytes, number } of lines) {
      const text = bytes.toString("utf8").replace(/^\uFEFF/, "");
      if (text.trim() !== "") yield { number, read: readExportLine(text) };
    }
  }
}

async function* chunksOf(file: string, { cwd, stdin }: World): AsyncGenerator<Buffer | string, void, void> {
  if (file === "-") return yield* stdin;
  const stream = createReadStream(resolve(cwd, file), { highWaterMark: CHUNK_BYTES });
  try {
    yield* stream;
  } catch (error) {
    if (error instanceof WaHookError) throw error;
    throw new UsageError(`cannot read ${file}: ${reasonOf(error)}`, {
      code: "import.unreadable",
      hint: "use a file from wa-hook events export, or - for standard input",
      cause: error,
    });
  } finally {
    stream.destroy();
  }
}

function incomplete(count: number, listed: readonly string[]): CheckFailedError {
  const more = count - listed.length;
  return new CheckFailedError(`${counted(count, "malformed line")} skipped`, {
    code: "import.malformed",
    hint: "all other deliveries were imported",
    about: [...listed, ...(more > 0 ? [`and ${more} more`] : [])],
    facts: { malformed: count },
  });
}
