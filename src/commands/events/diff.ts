/** `wa-hook events diff`: what differs between two recorded deliveries. */
import * as z from "zod";

import { defineCommand, input, storeFile, yes } from "../../terminal/command.ts";
import { counted, fit, type Paint } from "../../terminal/paint.ts";
import { differences, type Difference } from "../../webhook/differences.ts";
import { openRecorded } from "../inputs/recorded.ts";

const inputs = z.object({
  first: input("<first>", "The id of a delivery from events list, or @last", z.string()),
  second: input("<second>", "The id of the delivery to compare it with", z.string()),
  raw: input("--raw", "Compare the bytes of the bodies", yes),
  store: storeFile,
});

/** Whether the two bodies have the same bytes. */
interface Bytes {
  type: "bytes";
  identical: boolean;
  /** Of the bodies. */
  sizes: [first: number, second: number];
  /** The offset of the first byte that differs. */
  at?: number;
}

type Event =
  | Difference
  | Bytes
  /** Emitted last: the number of differences. */
  | { type: "compared"; differences: number };

export const eventsDiff = defineCommand<typeof inputs, Event>({
  inputs,
  examples: [
    ["wa-hook events diff 12 @last", "Headers and payload, by JSON path"],
    ["wa-hook events diff 12 13 --raw", "Whether the bytes are the same"],
  ],

  async *run({ first, second, raw, store: file }, world) {
    await using store = await openRecorded(file, world);
    const [before, after] = [await store.find(first), await store.find(second)];
    if (raw) return yield bytesOf(before.body, after.body);
    let count = 0;
    for (const difference of differences(before, after)) {
      if (world.signal.aborted) return;
      yield difference;
      count++;
    }
    yield { type: "compared", differences: count };
  },

  print(event, paint) {
    switch (event.type) {
      case "difference":
        return differenceLines(event, paint);
      case "bytes":
        return bytesText(event);
      case "compared":
        return event.differences === 0 ? "No differences in headers and payload" : undefined;
    }
  },
});

function bytesOf(first: Uint8Array, second: Uint8Array): Bytes {
  const sizes: Bytes["sizes"] = [first.length, second.length];
  const differing = first.findIndex((byte, at) => byte !== second[at]);
  const at = differing >= 0 ? differing : first.length === second.length ? undefined : first.length;
  return { type: "bytes", identical: at === undefined, sizes, ...(at === undefined ? {} : { at }) };
}

function bytesText({ identical, sizes: [first, second], at }: Bytes): string {
  if (identical) return `The bodies are identical: ${counted(first, "byte")}`;
  return `The bodies differ from byte ${at} on: ${counted(first, "byte")} and ${counted(second, "byte")}`;
}

function differenceLines({ part, change, path, before, after }: Difference, paint: Paint): string[] {
  const line = (mark: string, value: unknown) => fit(`  ${mark} ${JSON.stringify(value)}`, paint.width);
  return [
    [...(path === "" ? [] : [paint.name(path)]), paint.quiet(`${part}, ${change}`)].join(" "),
    ...(change === "added" || before === undefined ? [] : [paint.bad(line("-", before))]),
    ...(change === "removed" || after === undefined ? [] : [paint.good(line("+", after))]),
  ];
}
