/** The keys by which every field about templates identifies the template. */
import { scalar } from "../../messages/parts.ts";
import { optional } from "./summary.ts";

export const templateKeys = {
  message_template_id: scalar,
  message_template_name: optional,
  message_template_language: optional,
};

/** For examples: the template. */
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
