/** The app's webhook subscription: its callback URL and fields. Requires the app token. */
import { parametersOf, textAt, type Call } from "../http/call.ts";
import { requireText } from "../http/checks.ts";
import { ok, invalid, missing, GraphErrorResponse, SUCCESS, type GraphResponse } from "../http/graph-response.ts";
import type { State } from "../state.ts";
import { FIELDS } from "../webhooks/fields.ts";
import type { Route } from "./route.ts";

const OBJECT = "whatsapp_business_account";
const path = "/:id/subscriptions";
const query = ["object", "callback_url", "verify_token", "fields", "include_values"];

export const subscriptionRoutes: readonly Route[] = [
  { method: "GET", path, node: "app", run: list },
  { method: "POST", path, node: "app", query, run: subscribe },
  { method: "DELETE", path, node: "app", query: ["object", "fields"], run: unsubscribe },
];

function requireAppToken(call: Call, { access }: State): void {
  if (access.tokenOf(call).type === "APP") return;
  throw new GraphErrorResponse(15, { message: "(#15) This method must be called with an app access token" });
}

function list(call: Call, state: State): GraphResponse {
  requireAppToken(call, state);
  const subscription = state.callbacks.subscriptions.get(call.id);
  if (subscription === undefined) return ok({ data: [] });
  const fields = [...subscription.fields].map(([name, version]) => ({ name, version }));
  return ok({ data: [{ object: OBJECT, callback_url: subscription.callback, active: true, fields }] });
}

async function subscribe(call: Call, state: State): Promise<GraphResponse> {
  requireAppToken(call, state);
  const parameters = parametersOf(call);
  checkObject(requireText(parameters, "object"));
  const fields = fieldsIn(parameters["fields"]);
  const callback = requireText(parameters, "callback_url");
  const token = requireText(parameters, "verify_token");
  if (fields.length === 0) throw missing("fields");
  const verified = await state.callbacks.verify(callback, token);
  const { subscriptions } = state.callbacks;
  const existing = subscriptions.get(call.id)?.fields ?? [];
  subscriptions.set(call.id, {
    callback: verified,
    fields: new Map([...existing, ...fields.map((name) => [name, call.version] as const)]),
  });
  return SUCCESS;
}

function unsubscribe(call: Call, state: State): GraphResponse {
  requireAppToken(call, state);
  const parameters = parametersOf(call);
  const object = textAt(parameters, "object");
  if (object !== undefined) checkObject(object);
  const removed = fieldsIn(parameters["fields"]);
  const { subscriptions } = state.callbacks;
  const subscription = subscriptions.get(call.id);
  const left = [...(subscription?.fields ?? [])].filter(([name]) => removed.length > 0 && !removed.includes(name));
  if (subscription === undefined || left.length === 0) subscriptions.delete(call.id);
  else subscriptions.set(call.id, { ...subscription, fields: new Map(left) });
  return SUCCESS;
}

function checkObject(object: string): void {
  if (object !== OBJECT) {
    throw invalid(
      `Param object must be one of {${OBJECT}}`,
      `object: the emulator does not support webhooks of ${object}`,
    );
  }
}

/** Parses a list or comma-separated names. */
function fieldsIn(given: unknown): string[] {
  const names = Array.isArray(given) ? given.map(String) : typeof given === "string" ? given.split(",") : [];
  const fields = names.map((name) => name.trim()).filter((name) => name !== "");
  for (const [index, name] of fields.entries()) {
    if (!FIELDS.includes(name)) {
      throw invalid(`Param fields[${index}] must be one of {${FIELDS.join(", ")}} - got "${name}".`);
    }
  }
  return fields;
}
