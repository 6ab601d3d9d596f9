/** The shared options of the `wa-hook template` commands, and the template that a name stands for. */
import { UsageError } from "../../errors.ts";
import type { Graph } from "../../graph/client.ts";
import { findTemplates, type Template } from "../../graph/templates.ts";
import { businessAccountId, graphInputs } from "../inputs/graph.ts";

export const templateInputs = { businessAccountId, ...graphInputs };

/** The languages of a template, or the given one. Throws a `UsageError` when there is none. */
export async function needTemplates(
  graph: Graph,
  account: string,
  { name, language }: { name: string; language?: string | undefined },
): Promise<Template[]> {
  const all = await findTemplates(graph, account, name);
  const found = all.filter((each) => language === undefined || each.language.toLowerCase() === language.toLowerCase());
  if (found.length > 0) return found;
  const languages = all.map((each) => each.language);
  throw new UsageError(`the account has no template ${name}${language === undefined ? "" : ` in ${language}`}`, {
    code: "template.unknown",
    hint: languages.length > 0 ? `use --language ${languages.join(" or ")}` : "run wa-hook template list for the names",
  });
}
