/** `wa-hook template show`: shows a template as text, its parameters, and the command that sends it. */
import * as z from "zod";

import type { Template } from "../../graph/templates.ts";
import { defineCommand, input } from "../../terminal/command.ts";
import { needAccount, needToken, openGraph } from "../inputs/graph.ts";
import { needTemplates, templateInputs } from "./inputs.ts";
import { parametersOf, sendCommand, type Parameter } from "./parameters.ts";
import { templateText } from "./view.ts";

const inputs = z.object({
  name: input("<name>", "The name, such as hello_world", z.string()),
  language: input("--language <code>", "Only this language (default: all)", z.string().optional()),
  ...templateInputs,
});

export type ShownTemplate = Template & {
  /** The parameters that a message needs. */
  parameters: Parameter[];
  /** The command that sends it; missing when it cannot be sent. */
  send?: string;
};

export const templateShow = defineCommand<typeof inputs, { type: "template" } & ShownTemplate>({
  inputs,
  examples: [
    ["wa-hook template show order_shipped --language en", "Its text, parameters and the command that sends it"],
  ],

  async *run(inputs, world) {
    needToken(inputs);
    const account = needAccount(inputs);
    await using graph = openGraph(inputs, world);
    for (const template of await needTemplates(graph, account, inputs)) {
      const send = sendCommand(template);
      yield {
        type: "template",
        ...template,
        parameters: parametersOf(template),
        ...(send === undefined ? {} : { send }),
      };
    }
  },

  // The text of a template has lines of its own.
  print: (event, paint, { components }) => templateText({ ...event, components }, paint),
});
