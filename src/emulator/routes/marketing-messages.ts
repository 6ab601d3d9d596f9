/** Marketing messages: templates of the category MARKETING, sent like any message. Source: Meta, "Marketing Messages API". */
import { asJsonObject } from "../../json.ts";
import { MESSAGING } from "../account/tokens.ts";
import { contentOf, textAt, type Call } from "../http/call.ts";
import { booleanOf, oneOf } from "../http/checks.ts";
import { GraphErrorResponse, invalid, type GraphResponse } from "../http/graph-response.ts";
import type { State } from "../state.ts";
import { send } from "./messages.ts";
import type { Route } from "./route.ts";

const POLICIES = ["CLOUD_API_FALLBACK", "STRICT"];

export const marketingMessageRoutes: readonly Route[] = [
  {
    method: "POST",
    path: "/:id/marketing_messages",
    node: "phone",
    scope: MESSAGING,
    category: "messages",
    maxBytes: 1024 * 1024,
    run: sendMarketing,
  },
];

function sendMarketing(call: Call, state: State): GraphResponse {
  const { product_policy: _, message_activity_sharing: __, ...message } = contentOf(call);
  oneOf(call.body.fields, "product_policy", POLICIES);
  booleanOf(call.body.fields, "message_activity_sharing");
  if (message["type"] !== "template") throw invalid("Param type must be one of {TEMPLATE}");
  const { name, language } = asJsonObject(message["template"]) ?? {};
  const code = textAt(asJsonObject(language) ?? {}, "code");
  const found = state.templates.list().find((each) => each.name === name && each.language === code);
  if (found !== undefined && found.category !== "MARKETING") {
    throw new GraphErrorResponse(134_100, { details: `the template ${found.name} has the category ${found.category}` });
  }
  const sent = { ...call, body: { ...call.body, fields: message } };
  try {
    return send(sent, state);
  } finally {
    if (sent.message !== undefined) call.message = sent.message;
  }
}
