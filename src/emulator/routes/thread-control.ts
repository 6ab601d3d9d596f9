/** Handing a conversation over between the app and the business agent. Source: Meta, "Business Agent", thread control. */
import { asJsonObject } from "../../json.ts";
import { MESSAGING } from "../account/tokens.ts";
import { findPerson } from "../business/people.ts";
import { THREAD_ACTIONS } from "../business/threads.ts";
import { contentOf, textAt, type Call } from "../http/call.ts";
import { oneOf, requireProduct, textWithin } from "../http/checks.ts";
import { invalid, missing, ok, type GraphResponse } from "../http/graph-response.ts";
import type { State } from "../state.ts";
import type { Route } from "./route.ts";

const MAX_METADATA = 2000;

export const threadControlRoutes: readonly Route[] = [
  {
    method: "POST",
    path: "/:id/thread_control",
    node: "phone",
    scope: MESSAGING,
    partly: "the agent does not answer; standby webhooks are not sent",
    run: control,
  },
];

function control(call: Call, { business, customers }: State): GraphResponse {
  const fields = contentOf(call);
  requireProduct(fields);
  const action = oneOf(fields, "action", THREAD_ACTIONS);
  if (action === undefined) throw missing("action");
  textWithin(fields, "metadata", { max: MAX_METADATA });
  const pass = asJsonObject(fields["control_pass"]);
  if (pass !== undefined && action !== "pass") throw invalid("Param control_pass is only valid with the action pass.");
  oneOf(pass ?? {}, "target_role", ["ai_agent"]);
  const input = textAt(fields, "to") ?? textAt(fields, "recipient");
  if (input === undefined) throw missing("to");
  const customer = findPerson(input, customers);
  if (customer === undefined) throw invalid("Invalid parameter", `to: no customer has the id ${input}`);
  business.threads.control(customer.userId, action);
  return ok({ messaging_product: "whatsapp" });
}
