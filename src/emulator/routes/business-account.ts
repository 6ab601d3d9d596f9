/** Routes of the WhatsApp Business Account, its phone numbers, the app, and `/me`. */
import { health } from "../account/health.ts";
import { APPLICATION, MANAGEMENT } from "../account/tokens.ts";
import type { Call } from "../http/call.ts";
import { fieldsOf } from "../http/fields.ts";
import { ok, GraphErrorResponse, type GraphResponse } from "../http/graph-response.ts";
import { hexOf } from "../ids.ts";
import type { State } from "../state.ts";
import { describePhone } from "./phone-number.ts";
import type { Route } from "./route.ts";

const rights = { node: "waba", scope: MANAGEMENT } as const;

export const businessAccountRoutes: readonly Route[] = [
  { method: "GET", path: "/:id", ...rights, query: ["fields"], run: show },
  { method: "GET", path: "/:id/phone_numbers", ...rights, query: ["fields", "limit", "after"], run: listNumbers },
  { method: "GET", path: "/:id", node: "app", query: ["fields"], run: showApp },
  { method: "GET", path: "/me", query: ["fields"], run: showMe },
];

function show(call: Call, { account }: State): GraphResponse {
  const all = {
    id: account.businessAccountId,
    name: "Test WhatsApp Business Account",
    timezone_id: "1",
    message_template_namespace: hexOf(account.businessAccountId).slice(0, 32),
    currency: "USD",
    country: "US",
    account_review_status: "APPROVED",
    business_verification_status: "not_verified",
    ownership_type: "SELF",
    health_status: health(account, "WABA"),
  };
  return ok(fieldsOf(call, "waba", all, ["name", "timezone_id", "message_template_namespace"]));
}

function listNumbers(call: Call, state: State): GraphResponse {
  const after = call.query["after"] === undefined ? [describePhone(call, state)] : [];
  return ok({
    data: after,
    ...(after.length === 0 ? {} : { paging: { cursors: { before: "MAZDZD", after: "MAZDZD" } } }),
  });
}

function showApp(call: Call, { account }: State): GraphResponse {
  const link = `https://www.facebook.com/games/?app_id=${account.appId}`;
  const all = { id: account.appId, name: APPLICATION, category: "Business", link };
  return ok(fieldsOf(call, "app", all, ["category", "link", "name"]));
}

function showMe(call: Call, { access }: State): GraphResponse {
  const unknown = new GraphErrorResponse(2500, {
    message: "An active access token must be used to query information about the current user.",
    http: call.token === undefined ? 401 : 400,
  });
  if (call.token === undefined) throw unknown;
  const token = access.tokenOf(call);
  if (token.type === "APP") throw unknown;
  const name = token.type === "USER" ? "Emulated developer" : "Emulated system user";
  return ok({ name, id: token.userId });
}
