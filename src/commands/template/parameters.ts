/** The parameters of a template as a person sees them, and the `wa-hook send template` command that fills them. */
import { quote } from "../../graph/curl.ts";
import type { Template } from "../../graph/templates.ts";
import { asJsonObject, stringAt, type JsonObject } from "../../json.ts";
import { isNamed, needsOf } from "../../messages/template-needs.ts";

export interface Parameter {
  /** Where its value goes. */
  part: "header" | "body" | "button";
  /** `1` or a name in the text; the format of a media header; the index of a button. */
  name: string;
  /** The value in the definition of the template. */
  example?: string;
}

/** Without those of the cards of a carousel. */
export function parametersOf(template: Template): Parameter[] {
  const { header, body, buttons } = needsOf(template);
  const { components } = template;
  const part = (type: string) => components.find((each) => stringAt(each, "type")?.toUpperCase() === type);
  const text = (section: "header" | "body", names: readonly string[]) =>
    names.map((name, at) => withExample(section, name, exampleIn(part(section.toUpperCase()), { section, name, at })));
  const list: unknown = part("BUTTONS")?.["buttons"];
  return [
    ...(header === undefined
      ? []
      : header.format === "TEXT"
        ? text("header", header.variables)
        : [{ part: "header", name: header.format.toLowerCase() } as const]),
    ...text("body", body),
    ...buttons.map(({ index }) =>
      withExample("button", String(index), buttonExample(asJsonObject(Array.isArray(list) ? list[index] : undefined))),
    ),
  ];
}

function withExample(part: Parameter["part"], name: string, example: string | undefined): Parameter {
  return { part, name, ...(example === undefined ? {} : { example }) };
}

interface Place {
  section: "header" | "body";
  name: string;
  /** Its place in the text. */
  at: number;
}

/** From `header_text: ["a"]`, `body_text: [["a", "b"]]` or `body_text_named_params: [{ param_name, example }]`. */
function exampleIn(component: JsonObject | undefined, { section, name, at }: Place): string | undefined {
  const example = asJsonObject(component?.["example"]);
  const named: unknown = example?.[`${section}_text_named_params`];
  if (isNamed(name)) {
    const items = Array.isArray(named) ? named.map((each) => asJsonObject(each)) : [];
    return stringAt(
      items.find((item) => item?.["param_name"] === name),
      "example",
    );
  }
  const values: unknown = example?.[`${section}_text`];
  const [first] = Array.isArray(values) ? (values as unknown[]) : [];
  const row: unknown = Array.isArray(first) ? first : values;
  const value: unknown = Array.isArray(row) ? row[at] : row;
  return typeof value === "string" ? value : undefined;
}

/** Of a URL with a variable, only the part for the variable when the example is the whole URL. */
function buttonExample(button: JsonObject | undefined): string | undefined {
  const given: unknown = button?.["example"];
  const example: unknown = Array.isArray(given) ? given[0] : given;
  if (typeof example !== "string") return undefined;
  const start = (stringAt(button, "url") ?? "").split("{{", 1)[0] ?? "";
  return start !== "" && example.startsWith(start) ? example.slice(start.length) : example;
}

/** With the examples as values, else with `<placeholders>`; undefined for a template that is not approved. */
export function sendCommand(template: Template): string | undefined {
  const { cards, expires } = needsOf(template);
  const { name, language, status } = template;
  if (status !== "APPROVED") return undefined;
  if (cards.length > 0 || expires) return "wa-hook send json <file> --to <number>";
  const flags = parametersOf(template).map((parameter) => flagOf(parameter));
  return [`wa-hook send template ${name} --language ${language}`, ...flags, "--to <number>"].join(" ");
}

function flagOf({ part, name, example }: Parameter): string {
  const value = example ?? `<${name}>`;
  if (part === "header") return `--header ${quote(value)}`;
  if (part === "button") return `--button-param ${quote(`${name}=${example ?? "<text>"}`)}`;
  return `--param ${quote(isNamed(name) ? `${name}=${value}` : value)}`;
}
