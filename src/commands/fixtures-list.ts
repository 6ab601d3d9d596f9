/** `wa-hook fixtures list`: the bundled deliveries. */
import * as z from "zod";

import { defineCommand, input } from "../cli/command.ts";
import { columnsOf, counted, fit, pad } from "../cli/paint.ts";
import { UsageError } from "../errors.ts";
import { fixtures } from "../webhook/fixtures.ts";
import { globOf } from "../webhook/words.ts";

const NAME_WIDTH = 42;
const FIELD_WIDTH = 35;
const WIDE = 120;

const inputs = z.object({
  filter: input("[name]", "only names with this in it; * stands for anything", z.string().optional()),
  field: input("--field <field>", "only of this webhook field", z.string().optional()),
});

type Event =
  | { type: "fixture"; name: string; field: string; source: string; about: string }
  | { type: "count"; count: number };

export const fixturesList = defineCommand<typeof inputs, Event>({
  inputs,
  examples: [
    ["wa-hook fixtures list", "names for replay, and what each one tells"],
    ["wa-hook fixtures list status.*", "every status"],
    ["wa-hook fixtures list --field calls", "what comes under one webhook field"],
  ],

  async *run({ filter = "*", field }) {
    const pattern = globOf(filter.includes("*") ? filter : `*${filter}*`);
    const all = fixtures().filter((each) => pattern.test(each.name) && (field === undefined || each.field === field));
    if (all.length === 0) {
      throw new UsageError("there is no such fixture", {
        code: "fixtures.none",
        hint: "wa-hook fixtures list shows them all, with their fields",
      });
    }
    for (const { name, field: of, source, about } of all) yield { type: "fixture", name, field: of, source, about };
    yield { type: "count", count: all.length };
  },

  print(event, paint) {
    if (event.type === "count") return { notice: paint.quiet(counted(event.count, "fixture")) };
    const { name, field, source, about } = event;
    const start = `${paint.name(pad(name, NAME_WIDTH))} `;
    // On a narrow terminal there is room for what it is, and --field and --json tell the rest.
    const origin = paint.width < WIDE ? "" : `${pad(field, FIELD_WIDTH)} ${paint.quiet(pad(source, 8))} `;
    return `${start}${origin}${fit(about, paint.width - columnsOf(start) - columnsOf(origin))}`;
  },
});
