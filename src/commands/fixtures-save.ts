/** `wa-hook fixtures save`: a recorded delivery becomes a fixture file. */
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";

import * as z from "zod";

import { defineCommand, input, storeFile, yes } from "../cli/command.ts";
import { counted } from "../cli/paint.ts";
import { reasonOf, systemCode, UsageError } from "../errors.ts";
import { anonymise } from "../webhook/anonymise.ts";
import { openRecorded } from "./recorded.ts";

const inputs = z.object({
  id: input("<id>", "a delivery's number from events list, or @last", z.string()),
  output: input("-o, --output <file>", "the file (default: its kind, as in text.json)", z.string().optional()),
  anonymise: input("--anonymise", "other names, numbers, ids, texts and hashes, the same ones everywhere in it", yes),
  store: storeFile,
});

interface Event {
  type: "fixture-saved";
  file: string;
  bytes: number;
  anonymised: boolean;
}

export const fixturesSave = defineCommand<typeof inputs, Event>({
  inputs,
  examples: [
    ["wa-hook fixtures save @last --anonymise", "what has just arrived, for everybody to see"],
    ["wa-hook fixtures save 12 -o fixtures/01-order.json", "Meta's bytes as they came"],
  ],

  async *run({ id, output, anonymise: others, store: file }, world) {
    await using store = await openRecorded(file, world);
    const { body, events } = store.find(id);
    const bytes = Buffer.from(body);
    const text = others ? Buffer.from(anonymised(bytes.toString("utf8"), id)) : bytes;
    const to = output ?? `${(events[0]?.kind ?? "delivery").replaceAll(/[^\w.-]/g, "_")}.json`;
    save(resolve(world.cwd, to), to, text);
    yield { type: "fixture-saved", file: to, bytes: text.length, anonymised: others };
  },

  print: ({ file, bytes, anonymised: others }, paint) => [
    {
      notice: `${paint.good("✓")} ${counted(bytes, "byte")}${others ? ", anonymised: look it over before you show it" : ""}; try it: wa-hook replay ${file}`,
    },
    file,
  ],
});

function anonymised(json: string, id: string): string {
  try {
    return anonymise(json);
  } catch (cause) {
    throw new UsageError(`delivery ${id} is no JSON, so it cannot be anonymised`, {
      code: "fixture.not-json",
      hint: "save it as it is, without --anonymise",
      cause,
    });
  }
}

function save(path: string, shown: string, text: Uint8Array): void {
  try {
    writeFileSync(path, text, { flag: "wx", mode: 0o600 });
  } catch (cause) {
    const exists = systemCode(cause) === "EEXIST";
    const problem = exists ? "exists already, and is not written over" : `cannot be written: ${reasonOf(cause)}`;
    throw new UsageError(`${shown} ${problem}`, {
      code: "fixture.unwritable",
      hint: "name another file with -o",
      cause,
    });
  }
}
