/** Calls: start, answer and end, and who may be called. Source: Meta, "Cloud API Calling". */
import { asJsonObject } from "../../json.ts";
import { MESSAGING } from "../account/tokens.ts";
import { findPerson } from "../business/people.ts";
import { contentOf, textAt, type Call } from "../http/call.ts";
import { oneOf, requireProduct, requireText, textWithin } from "../http/checks.ts";
import { GraphErrorResponse, invalid, missing, ok, SUCCESS, type GraphResponse } from "../http/graph-response.ts";
import type { Customer } from "../messaging/customers.ts";
import type { State } from "../state.ts";
import type { Route } from "./route.ts";

type Fields = Readonly<Record<string, unknown>>;

const rights = { node: "phone", scope: MESSAGING } as const;
const ACTIONS = ["connect", "pre_accept", "accept", "reject", "terminate"] as const;
const MAX_CALLBACK_DATA = 512;
const MAX_CALL_ID = 200;
/** Per customer. Meta has raised its limit of calls several times; requests and calls are not counted here. */
const LIMITS = {
  send_call_permission_request: [
    { time_period: "PT24H", max_allowed: 1, current_usage: 0 },
    { time_period: "P7D", max_allowed: 2, current_usage: 0 },
  ],
  start_call: [{ time_period: "PT24H", max_allowed: 100, current_usage: 0 }],
};

export const callRoutes: readonly Route[] = [
  {
    method: "POST",
    path: "/:id/calls",
    ...rights,
    partly: "no media: webhooks only",
    run: handle,
  },
  {
    method: "GET",
    path: "/:id/call_permissions",
    ...rights,
    query: ["user_wa_id", "recipient"],
    partly: "permission requests and calls are not counted",
    run: permissions,
  },
];

function handle(call: Call, state: State): GraphResponse {
  const fields = contentOf(call);
  requireProduct(fields);
  const action = oneOf(fields, "action", ACTIONS);
  if (action === undefined) throw missing("action");
  checkSession(fields, action);
  if (action === "connect") return connect(fields, state);
  state.business.calls.answer(requireText(fields, "call_id", MAX_CALL_ID), action);
  return ok({ messaging_product: "whatsapp", ...(SUCCESS.json as object) });
}

function connect(fields: Fields, state: State): GraphResponse {
  const { account, business, callbacks } = state;
  const data = textWithin(fields, "biz_opaque_callback_data", { max: MAX_CALLBACK_DATA });
  const customer = customerOf(textAt(fields, "to") ?? textAt(fields, "recipient"), state);
  if (customer === undefined) throw missing("to");
  const subscription = callbacks.target("calls", account.appId);
  if ("reason" in subscription) throw new GraphErrorResponse(138_018, { details: subscription.reason });
  const id = business.calls.connect(customer, data);
  return ok({ messaging_product: "whatsapp", calls: [{ id }] });
}

/** Throws a `GraphErrorResponse` for a session description that is missing or of the wrong type. */
function checkSession(fields: Fields, action: (typeof ACTIONS)[number]): void {
  if (action === "reject" || action === "terminate") return;
  const session = asJsonObject(fields["session"]);
  const type = action === "connect" ? "offer" : "answer";
  if (session === undefined) throw missing("session");
  if (session["sdp_type"] !== type) throw invalid(`Param session['sdp_type'] must be one of {${type}}`);
  if (textAt(session, "sdp") === undefined) throw missing("session['sdp']");
}

function permissions(call: Call, state: State): GraphResponse {
  const customer = customerOf(call.query["user_wa_id"] ?? call.query["recipient"], state);
  if (customer === undefined) throw missing("user_wa_id");
  const permission = state.business.calls.permissions.statusOf(customer.userId);
  const allowed = permission.status !== "no_permission";
  const actions = Object.entries(LIMITS).map(([action_name, limits]) => ({
    action_name,
    can_perform_action: action_name === "start_call" ? allowed : permission.status !== "permanent",
    limits,
  }));
  return ok({ messaging_product: "whatsapp", permission, actions });
}

/** The customer with a number or a business-scoped user id. Throws a `GraphErrorResponse` when there is none. */
function customerOf(input: string | undefined, { customers }: State): Customer | undefined {
  if (input === undefined) return undefined;
  const customer = findPerson(input, customers);
  if (customer === undefined) throw new GraphErrorResponse(138_001, { details: `no customer has the id ${input}` });
  return customer;
}
