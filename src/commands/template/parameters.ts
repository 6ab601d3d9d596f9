/** The parameters of a template as a person sees them, and the `wa-hook send template` command that fills them. */
import { quote } from "../../graph/curl.ts";
import type { Template } from "../../graph/templates.ts";
import { needsOf, type TemplateNeed } from "../../messages/template-needs.ts";
import { templateFlag } from "../inputs/template-flag.ts";

const PARTS = ["header", "body", "button"] as const;

export interface Parameter {
  /** Where its value goes. */
  part: (typeof PARTS)[number];
  /** `1` or a name in the text; the format of a media header; the index of a button. */
  name: string;
  /** The value in the definition of the template. */
  example?: string;
}

/** Without those of the cards of a carousel and of an offer. */
export function parametersOf(template: Template): Parameter[] {
  return needsByPart(template).map((need) => ({
    part: need.part,
    name: nameOf(need),
    ...(need.example === undefined ? {} : { example: need.example }),
  }));
}

function needsByPart(template: Template): (TemplateNeed & Pick<Parameter, "part">)[] {
  const { message } = needsOf(template);
  return PARTS.flatMap((part) => message.filter((need) => need.part === part).map((need) => ({ ...need, part })));
}

function nameOf({ placeholder, button, type = "" }: TemplateNeed): string {
  return placeholder ?? (button === undefined ? type.toLowerCase() : String(button));
}

/** With the examples as values, else with `<placeholders>`; undefined for a template that is not approved. */
export function sendCommand(template: Template): string | undefined {
  const { message, cards } = needsOf(template);
  const { name, language, status } = template;
  if (status !== "APPROVED") return undefined;
  if (cards.length > 0 || message.some(({ part, form }) => part === "offer" || form === "unsupported")) {
    return "wa-hook send json <file> --to <number>";
  }
  const flags = needsByPart(template).map((need) => {
    const [flag, text] = templateFlag(need, need.example ?? `<${need.part === "button" ? "text" : nameOf(need)}>`);
    return `${flag} ${quote(text)}`;
  });
  return [`wa-hook send template ${name} --language ${language}`, ...flags, "--to <number>"].join(" ");
}
