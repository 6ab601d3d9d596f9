/** `wa-hook template list`: lists the message templates of the WABA. */
import * as z from "zod";

import { listTemplates, type Template } from "../../graph/templates.ts";
import { defineCommand, input, notice } from "../../terminal/command.ts";
import { counted } from "../../terminal/paint.ts";
import { needAccount, needToken, openGraph } from "../inputs/graph.ts";
import { templateInputs } from "./inputs.ts";
import { headerRow, templateRow } from "./view.ts";

const inputs = z.object({
  name: input("--name <part>", "Show only names that contain this", z.string().optional()),
  status: input("--status <status>", "Show only this status, such as approved or rejected", z.string().optional()),
  language: input("--language <code>", "Show only this language, such as en_US", z.string().optional()),
  ...templateInputs,
});

type Event =
  /** The list starts. */
  | { type: "header" }
  | ({ type: "template" } & Template)
  /** Emitted last: the number of templates. */
  | { type: "count"; count: number };

export const templateList = defineCommand<typeof inputs, Event>({
  inputs,
  examples: [
    ["wa-hook template list", "All templates with category, status and quality"],
    ["wa-hook template list --status rejected", "Rejected templates with the reason"],
  ],

  async *run(inputs, world) {
    needToken(inputs);
    const account = needAccount(inputs);
    await using graph = openGraph(inputs, world);
    let count = 0;
    for await (const template of listTemplates(graph, account, inputs)) {
      if (count++ === 0) yield { type: "header" };
      yield { type: "template", ...template };
    }
    if (count > 0) yield { type: "count", count };
    else yield notice("No templates match", "run wa-hook template create to create one");
  },

  print(event, paint) {
    if (event.type === "header") return { notice: headerRow(paint) };
    return event.type === "template"
      ? templateRow(event, paint)
      : { notice: paint.quiet(counted(event.count, "template")) };
  },
});
