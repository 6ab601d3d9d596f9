/** Composes the definition of a template from a JSON file and flags. */
import { UsageError } from "../../errors.ts";
import type { JsonObject } from "../../json.ts";
import { isNamed, variablesIn } from "../../messages/template-needs.ts";
import { counted } from "../../terminal/paint.ts";
import type { World } from "../../terminal/world.ts";
import { readJsonFile } from "../inputs/json-file.ts";

export interface DefinitionFlags {
  name?: string | undefined;
  language?: string | undefined;
  category?: string | undefined;
  header?: string | undefined;
  headerExample?: string | undefined;
  body?: string | undefined;
  footer?: string | undefined;
  example: readonly string[];
  button: readonly string[];
}

const DEFAULT_LANGUAGE = "en_US";
const EXPECTED = {
  code: "template.unreadable",
  hint: "use a file with one template in the format of the Cloud API: name, language, category, components",
};

/** The definition in Meta's format. Flags replace what the file has. Throws a `UsageError` when a part is missing. */
export async function readDefinition(
  file: string | undefined,
  flags: DefinitionFlags,
  world: World,
): Promise<JsonObject & { name: string; language: string }> {
  const fromFile = file === undefined ? {} : await readJsonFile(file, world, EXPECTED);
  const { name = fromFile["name"], category = fromFile["category"] } = flags;
  const language = flags.language ?? fromFile["language"] ?? DEFAULT_LANGUAGE;
  const format = formatOf(flags);
  const definition = {
    ...fromFile,
    name,
    language,
    category: typeof category === "string" ? category.toUpperCase() : category,
    ...(flags.body === undefined ? {} : { ...format, components: componentsOf(flags, flags.body) }),
  };
  const given = { "--name": name, "--category": category, "--body": (definition as JsonObject)["components"] };
  const missing = Object.entries(given).find(([, value]) => value === undefined);
  if (missing !== undefined || typeof name !== "string" || typeof language !== "string") {
    throw new UsageError(`the template has no ${(missing?.[0] ?? "--name").slice(2)}`, {
      code: "template.incomplete",
      hint: 'use a JSON file, or for example --name welcome --category utility --body "Hello, and welcome"',
    });
  }
  return { ...definition, name, language };
}

function formatOf({ body, header }: DefinitionFlags): JsonObject {
  const named = [...variablesIn(body), ...variablesIn(header)].some(isNamed);
  return named ? { parameter_format: "NAMED" } : {};
}

function componentsOf({ header, headerExample, footer, example, button }: DefinitionFlags, body: string): JsonObject[] {
  return [
    ...(header === undefined ? [] : [headerOf(header, headerExample)]),
    { type: "BODY", text: body, ...bodyExample(body, example) },
    ...(footer === undefined ? [] : [{ type: "FOOTER", text: footer }]),
    ...(button.length === 0 ? [] : [{ type: "BUTTONS", buttons: button.map(buttonOf) }]),
  ];
}

function headerOf(header: string, example: string | undefined): JsonObject {
  const [name = "1"] = variablesIn(header);
  const examples = isNamed(name)
    ? { header_text_named_params: [{ param_name: name, example }] }
    : { header_text: [example] };
  return { type: "HEADER", format: "TEXT", text: header, ...(example === undefined ? {} : { example: examples }) };
}

/** In the order of the variables, or as `name=text`. */
function bodyExample(body: string, examples: readonly string[]): JsonObject {
  const variables = variablesIn(body);
  if (examples.length !== variables.length) {
    const names = variables.length === 0 ? "" : ` (${variables.map((name) => `{{${name}}}`).join(", ")})`;
    const [expected, given] = [counted(variables.length, "variable"), counted(examples.length, "example")];
    throw new UsageError(`the body has ${expected}${names} but ${given}`, {
      code: "template.examples",
      hint: "Meta requires one example for each variable, in their order: --example Sheena --example Friday",
    });
  }
  if (variables.length === 0) return {};
  if (!variables.some(isNamed)) return { example: { body_text: [examples] } };
  const named = variables.map((param_name, at) => {
    const own = examples.find((each) => each.startsWith(`${param_name}=`));
    return { param_name, example: own?.slice(param_name.length + 1) ?? examples[at] };
  });
  return { example: { body_text_named_params: named } };
}

/** `Stop` is a quick reply, `Open=https://…` a link. */
function buttonOf(typed: string): JsonObject {
  const [, label, url] = /^([^=]+)=(https?:\/\/.+)$/.exec(typed) ?? [];
  return url === undefined ? { type: "QUICK_REPLY", text: typed } : { type: "URL", text: label, url };
}
