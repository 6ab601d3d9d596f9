/** What the fields about templates share: which template it is. */
import { word } from "../../messages/parts.ts";
import { maybe } from "./wording.ts";

export const templateKeys = {
  message_template_id: word,
  message_template_name: maybe,
  message_template_language: maybe,
};

/** The template of the examples. */
export const template = {
  message_template_id: 1689556908129832,
  message_template_name: "order_confirmation",
  message_template_language: "en_US",
};

/** `order_confirmation (en_US)`. */
export function templateName(value: {
  message_template_id: string;
  message_template_name?: string | null | undefined;
  message_template_language?: string | null | undefined;
}): string {
  const { message_template_id: id, message_template_name: name, message_template_language: language } = value;
  return language ? `${name ?? id} (${language})` : (name ?? id);
}
