/** `wa-hook fixtures show`: the payload of a bundled delivery, changed as replay would change it, or its bytes. */
import * as z from "zod";

import { defineCommand, input, yes } from "../cli/command.ts";
import { printableJson } from "../printable.ts";
import { Preparing } from "../replay/prepare.ts";
import { fixture } from "../webhook/fixtures.ts";
import type { Escape } from "../webhook/wire.ts";
import { editInputs, editsOf } from "./edit-inputs.ts";

const inputs = z.object({
  name: input("<name>", "a name from wa-hook fixtures list", z.string()),
  ...editInputs,
  wire: input("--wire", "on one line, in the bytes that Meta writes and signs", yes),
});

type Event = { type: "wire"; text: string } | object;

export const fixturesShow = defineCommand<typeof inputs, Event>({
  inputs,
  examples: [
    ["wa-hook fixtures show text > text.json", "a file to change and to replay"],
    ["wa-hook fixtures show text --set text.body=Hello --fresh", "changed as replay changes it"],
    ["wa-hook fixtures show image --wire", "with \\/ and \\u00e9, as it is signed"],
  ],

  async *run(inputs, world) {
    const { name, payload } = fixture(inputs.name);
    const planned = { name, bytes: Buffer.from(JSON.stringify(payload)), exact: false };
    const escape: Escape = inputs.escape;
    const preparing = new Preparing({ edits: editsOf(inputs), escape, now: () => world.now() });
    const prepared = preparing.prepare(planned);
    preparing.check();
    const text = Buffer.from(prepared.request().body).toString("latin1");
    yield inputs.wire ? { type: "wire", text } : (JSON.parse(text) as object);
  },

  print: (_event, _paint, event) =>
    "type" in event && event.type === "wire" ? (event as { text: string }).text : printableJson(event, 2),
});
