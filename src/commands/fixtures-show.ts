/** `wa-hook fixtures show`: the payload of a bundled delivery. */
import * as z from "zod";

import { defineCommand, input } from "../cli/command.ts";
import { fixture, type Payload } from "../webhook/fixtures.ts";

const inputs = z.object({
  name: input("<name>", "a name from wa-hook fixtures list", z.string()),
});

export const fixturesShow = defineCommand<typeof inputs, Payload>({
  inputs,
  examples: [["wa-hook fixtures show text > text.json", "a file to change and to replay"]],

  async *run({ name }) {
    yield fixture(name).payload;
  },

  print: (payload) => JSON.stringify(payload, undefined, 2),
});
