/** `wa-hook events show`: one recorded delivery with headers and payload. */
import * as z from "zod";

import { defineCommand, input, storeFile } from "../../terminal/command.ts";
import { moment, plain } from "../../terminal/paint.ts";
import { openRecorded } from "../inputs/recorded.ts";
import { eventLine } from "../views/event.ts";
import { exportLine, type ExportLine } from "./export.ts";

const inputs = z.object({
  id: input("<id>", "The id of a delivery from events list, or @last", z.string()),
  store: storeFile,
});

export const eventsShow = defineCommand<typeof inputs, ExportLine>({
  inputs,
  examples: [
    ["wa-hook events show @last", "the newest delivery"],
    ["wa-hook events show 12 --json", "delivery 12, with its body in base64"],
  ],

  async *run({ id, store: file }, world) {
    await using store = await openRecorded(file, world);
    yield exportLine(store.find(id));
  },

  print({ id, receivedAt, headers, verdict, reason, events, body_b64 }, paint) {
    const body = Buffer.from(body_b64, "base64");
    return [
      `${paint.name(`Delivery ${id}`)}  ${moment(receivedAt)}  ${verdict}  ${body.length} bytes`,
      ...(reason === undefined ? [] : [paint.bad(plain(reason))]),
      ...events.map((event) => eventLine(" ", event, "←", "", paint)),
      "",
      ...headers.map(([name, value]) => `${paint.quiet(`${plain(name)}:`)} ${plain(value)}`),
      "",
      readable(body),
    ];
  },
});

/** Deeper than any payload of Meta. Indentation would make a deeper one far longer than its text. */
const DEEPEST = 100;

/** The payload as indented JSON; unchanged if it is not JSON or nested too deeply. */
function readable(body: Buffer): string {
  return indented(body.toString("utf8")).split("\n").map(plain).join("\n");
}

function indented(text: string): string {
  if (depthOf(text) > DEEPEST) return text;
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return text;
  }
}

/** The maximum nesting depth. Brackets inside strings count too, which is harmless here. */
function depthOf(text: string): number {
  let [depth, deepest] = [0, 0];
  for (const [bracket] of text.matchAll(/[{}[\]]/g)) {
    depth += bracket === "{" || bracket === "[" ? 1 : -1;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}
