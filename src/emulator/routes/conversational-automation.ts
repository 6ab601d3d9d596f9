/** Welcome message, ice breakers and commands of a number. Source: Meta, "Conversational components". */
import { MANAGEMENT } from "../account/tokens.ts";
import { automationChanges } from "../business/conversational-automation.ts";
import { parametersOf, type Call } from "../http/call.ts";
import { ok, SUCCESS, type GraphResponse } from "../http/graph-response.ts";
import type { State } from "../state.ts";
import type { Route } from "./route.ts";

const rights = { path: "/:id/conversational_automation", node: "phone", scope: MANAGEMENT } as const;
const query = ["enable_welcome_message", "prompts", "commands"];

export const conversationalAutomationRoutes: readonly Route[] = [
  {
    method: "GET",
    ...rights,
    run: ({ id }, { business }) => ok(business.numbers.fieldsOf(id).conversational_automation),
  },
  {
    method: "POST",
    ...rights,
    query,
    partly: "customers send no request_welcome by themselves",
    run: update,
  },
];

function update(call: Call, { business }: State): GraphResponse {
  const assets = business.numbers.of(call.id);
  assets.automation = { ...assets.automation, ...automationChanges(parametersOf(call)) };
  return SUCCESS;
}
