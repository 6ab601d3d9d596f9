/** The flags of `wa-hook send template` that give a template its values. */
import { isNamed, type TemplateNeed } from "../../messages/template-needs.ts";

/** The flag and its text, not yet quoted: `["--param", "customer=Sheena"]`. */
export function templateFlag(need: TemplateNeed, value: string): [flag: string, text: string] {
  const { part, card, button, placeholder = "" } = need;
  if (card !== undefined) return ["--card", `${cardKey(need)}=${value}`];
  if (part === "header") return ["--header", value];
  if (part === "offer") return ["--expires", value];
  if (part === "button") return ["--button-param", `${button}=${value}`];
  return ["--param", isNamed(placeholder) ? `${placeholder}=${value}` : value];
}

/** Which value of which card: `0.header`, `0.1` or `0.button0`. */
export function cardKey({ part, card, button, placeholder }: TemplateNeed): string {
  return `${card}.${part === "header" ? "header" : part === "button" ? `button${button}` : placeholder}`;
}
