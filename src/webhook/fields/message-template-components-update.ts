/** `message_template_components_update`: the text or the buttons of a template were edited. */
import * as z from "zod";

import { quote } from "../../messages/parts.ts";
import { defineField } from "../shapes/field.ts";
import { joinParts, optional } from "../shapes/summary.ts";
import { template, templateKeys, templateName } from "../shapes/template.ts";

const body = "Your order {{1}} is on its way and arrives on {{2}}.";

export const messageTemplateComponentsUpdate = defineField("message_template_components_update", () => ({
  schema: z.looseObject({
    ...templateKeys,
    message_template_element: optional,
    message_template_title: optional,
    message_template_footer: optional,
    message_template_buttons: z
      .array(z.looseObject({ message_template_button_type: optional, message_template_button_text: optional }))
      .nullish(),
  }),
  examples: {
    default: { ...template, message_template_element: body },
    buttons: {
      ...template,
      message_template_title: "On its way",
      message_template_element: body,
      message_template_footer: "The garden shop",
      message_template_buttons: [
        {
          message_template_button_type: "URL",
          message_template_button_text: "Where is it?",
          message_template_button_url: "https://shop.example.com/orders/{{1}}",
        },
        {
          message_template_button_type: "PHONE_NUMBER",
          message_template_button_text: "Call us",
          message_template_button_phone_number: "+15550783881",
        },
      ],
    },
  },
  summary: ({ message_template_element, message_template_title, message_template_buttons, ...value }) =>
    joinParts(
      templateName(value),
      message_template_title,
      message_template_element ? quote(message_template_element) : undefined,
      (message_template_buttons ?? []).map(
        ({ message_template_button_type: type, message_template_button_text: text }) =>
          [type, text && quote(text)].filter(Boolean).join(" "),
      ),
    ),
}));
