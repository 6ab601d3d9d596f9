/** `wa-hook template delete`: deletes a template in all languages, or in one. */
import * as z from "zod";

import { UsageError } from "../../errors.ts";
import { deleteTemplate, type Template } from "../../graph/templates.ts";
import { defineCommand, input, notice, yes } from "../../terminal/command.ts";
import { plain } from "../../terminal/paint.ts";
import type { World } from "../../terminal/world.ts";
import { needAccount, needToken, openGraph } from "../inputs/graph.ts";
import { needTemplates, templateInputs } from "./inputs.ts";

const inputs = z.object({
  name: input("<name>", "The name, such as order_shipped", z.string()),
  language: input("--language <code>", "Only this language (default: all)", z.string().optional()),
  yes: input("--yes", "Delete without asking", yes),
  ...templateInputs,
});

/** The template was deleted in these languages. */
interface Event {
  type: "deleted";
  name: string;
  languages: string[];
}

export const templateDelete = defineCommand<typeof inputs, Event>({
  inputs,
  examples: [
    ["wa-hook template delete order_shipped", "Delete every language; asks first"],
    ["wa-hook template delete order_shipped --language de --yes", "Delete one language without asking"],
  ],

  async *run(inputs, world) {
    needToken(inputs);
    const account = needAccount(inputs);
    const { name, language } = inputs;
    await using graph = openGraph(inputs, world);
    const templates = await needTemplates(graph, account, { name, language });
    if (!inputs.yes && !(await confirmed(templates, name, world))) return yield notice("Nothing was deleted");
    const [only] = templates;
    await deleteTemplate(graph, account, { name, id: language === undefined ? undefined : only?.id });
    yield { type: "deleted", name, languages: templates.map((each) => each.language) };
    if (templates.some(({ status }) => status === "APPROVED")) {
      yield notice("  Meta does not accept a new template with this name for 30 days");
    }
  },

  print: ({ name, languages }, paint) => ({
    notice: `${paint.good("✓")} Deleted ${paint.name(plain(name))} (${plain(languages.join(", "))})`,
  }),
});

async function confirmed(templates: readonly Template[], name: string, { ask }: World): Promise<boolean> {
  const languages = templates.map((each) => each.language).join(", ");
  if (ask !== undefined) return ask.confirm(`Delete ${name} (${languages})?`, false);
  throw new UsageError(`deleting ${name} (${languages}) needs a confirmation`, {
    code: "template.unconfirmed",
    hint: "add --yes",
  });
}
