/** A text with a button that opens a flow: a form of several screens inside WhatsApp. */
import * as z from "zod";

import { quote } from "../../parts.ts";
import { defineOutbound } from "../kind.ts";
import { addProblem, checkExactlyOne, id, nonEmpty, object, oneOf, text } from "../limits.ts";
import { anyHeader, body, footer, interactive } from "../parts.ts";

const data = z.record(z.string(), z.unknown()).superRefine((value, context) => {
  if (Object.keys(value).length === 0) addProblem(context, "must not be empty; omit it instead");
});

const parameters = z
  .strictObject({
    flow_message_version: oneOf(["3"]),
    flow_id: id().optional(),
    flow_name: nonEmpty.optional(),
    // Meta's pages disagree on the limit: 30 or 20 characters.
    flow_cta: text(30),
    flow_token: nonEmpty.optional(),
    mode: oneOf(["draft", "published"]).optional(),
    flow_action: oneOf(["navigate", "data_exchange"]).optional(),
    flow_action_payload: object({ screen: nonEmpty.optional(), data: data.optional() }).optional(),
  })
  .superRefine((all, context) => checkExactlyOne(context, all, ["flow_id", "flow_name"]));

export const flow = defineOutbound("flow", {
  schema: interactive("flow", {
    header: anyHeader.optional(),
    body: body(),
    footer: footer.optional(),
    action: object({ name: z.literal("flow"), parameters }),
  }),
  examples: {
    default: {
      interactive: {
        type: "flow",
        body: { text: "Tell us in four questions what is broken." },
        action: {
          name: "flow",
          parameters: {
            flow_message_version: "3",
            flow_id: "1234567890123456",
            flow_token: "repair-4711",
            flow_cta: "Start",
            flow_action: "navigate",
            flow_action_payload: { screen: "DEVICE", data: { shop: "Testville" } },
          },
        },
      },
    },
    draft: {
      interactive: {
        type: "flow",
        header: { type: "text", text: "A trial run" },
        body: { text: "This form is not finished yet." },
        footer: { text: "Example Ltd" },
        action: {
          name: "flow",
          parameters: {
            flow_message_version: "3",
            flow_name: "repair_request",
            flow_cta: "Try it",
            mode: "draft",
            flow_action: "data_exchange",
          },
        },
      },
    },
  },
  summary: ({ interactive: { body: content, action } }) => {
    const { flow_cta: label, flow_id: id, flow_name: name } = action.parameters;
    return `${quote(content.text)} [${label}] ${name ?? id}`;
  },
});
