/** `wa-hook fixtures list`: the bundled deliveries. */
import * as z from "zod";

import { defineCommand } from "../cli/command.ts";
import { fit, pad, plain } from "../cli/paint.ts";
import { fixtures } from "../webhook/fixtures.ts";

const NAME_WIDTH = 38;

const inputs = z.object({});

export const fixturesList = defineCommand<
  typeof inputs,
  { type: "fixture"; name: string; field: string; about: string }
>({
  inputs,
  examples: [["wa-hook fixtures list", "names for replay, and what each one tells"]],

  async *run() {
    for (const { name, field, about } of fixtures()) yield { type: "fixture", name, field, about };
  },

  print: ({ name, about }, paint) =>
    `${paint.name(pad(name, NAME_WIDTH))} ${fit(plain(about), paint.width - NAME_WIDTH - 1)}`,
});
