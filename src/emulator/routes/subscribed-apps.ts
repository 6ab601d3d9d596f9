/** The apps that are subscribed to the account's webhooks, each with an optional callback override. */
import { MANAGEMENT } from "../account/tokens.ts";
import { parametersOf, textAt, type Call } from "../http/call.ts";
import { requireText } from "../http/checks.ts";
import { ok, SUCCESS, type GraphResponse } from "../http/graph-response.ts";
import type { State } from "../state.ts";
import { MAX_OVERRIDE } from "../webhooks/callbacks.ts";
import type { Route } from "./route.ts";

const path = "/:id/subscribed_apps";
const rights = { path, node: "waba", scope: MANAGEMENT } as const;

export const subscribedAppRoutes: readonly Route[] = [
  { method: "GET", ...rights, run: list },
  { method: "POST", ...rights, query: ["override_callback_uri", "verify_token"], run: subscribe },
  { method: "DELETE", ...rights, run: unsubscribe },
];

function list(_: Call, { callbacks }: State): GraphResponse {
  const data = [...callbacks.subscribed].map(([id, { application, override }]) => ({
    whatsapp_business_api_data: { id, name: application, link: `https://www.facebook.com/games/?app_id=${id}` },
    ...(override === undefined ? {} : { override_callback_uri: override }),
  }));
  return ok({ data });
}

async function subscribe(call: Call, state: State): Promise<GraphResponse> {
  const { appId, application } = state.access.tokenOf(call);
  const override = await verifiedOverride(parametersOf(call), state, appId);
  // Subscribing without an override removes an earlier one.
  state.callbacks.subscribed.set(appId, { application, ...(override === undefined ? {} : { override }) });
  return SUCCESS;
}

function unsubscribe(call: Call, { access, callbacks }: State): GraphResponse {
  callbacks.subscribed.delete(access.tokenOf(call).appId);
  return SUCCESS;
}

/** The requested callback override of an app, after it passed the handshake; undefined when none is requested. */
export async function verifiedOverride(
  parameters: Record<string, unknown>,
  { callbacks }: State,
  appId: string,
): Promise<string | undefined> {
  if (textAt(parameters, "override_callback_uri") === undefined) return undefined;
  callbacks.requireSubscribed(appId);
  const override = requireText(parameters, "override_callback_uri", MAX_OVERRIDE);
  return callbacks.verify(override, requireText(parameters, "verify_token"));
}
