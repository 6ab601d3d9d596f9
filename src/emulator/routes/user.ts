/** Routes of the token's user, the business portfolio and the app. Source: Meta, Graph API, "User", "Business" and "Application". */
import { BUSINESS_NAME, describeAccount } from "../account/account-fields.ts";
import { businessIdOf } from "../account/account.ts";
import { health } from "../account/health.ts";
import { MANAGEMENT, type Token } from "../account/tokens.ts";
import type { Call } from "../http/call.ts";
import { fieldsOf, requestedFields, type Field } from "../http/fields.ts";
import { ok, GraphErrorResponse, type GraphResponse } from "../http/graph-response.ts";
import type { State } from "../state.ts";
import type { Route } from "./route.ts";

const query = ["fields", "limit", "after"];
const business = { node: "business", scope: MANAGEMENT } as const;

export const userRoutes: readonly Route[] = [
  { method: "GET", path: "/me", query, run: showUser },
  { method: "GET", path: "/me/permissions", query, run: (call, state) => ok(permissions(userToken(call, state))) },
  { method: "GET", path: "/me/businesses", query, run: (call, state) => ok(businesses(userToken(call, state), state)) },
  { method: "GET", path: "/:id", node: "user", query, run: showUser },
  {
    method: "GET",
    path: "/:id/businesses",
    node: "user",
    query,
    run: (call, state) => ok(businesses(userToken(call, state), state)),
  },
  { method: "GET", path: "/:id", ...business, query, run: showBusiness },
  {
    method: "GET",
    path: "/:id/owned_whatsapp_business_accounts",
    ...business,
    query,
    run: (call, state) => ok(accounts(call, state)),
  },
  { method: "GET", path: "/:id/client_whatsapp_business_accounts", ...business, query, run: () => ok({ data: [] }) },
  { method: "GET", path: "/:id", node: "app", query, run: showApp },
  { method: "GET", path: "/app", query, run: showApp },
];

function userToken(call: Call, { access }: State): Token {
  const unknown = new GraphErrorResponse(2500, {
    message: "An active access token must be used to query information about the current user.",
    http: call.token === undefined ? 401 : 400,
  });
  if (call.token === undefined) throw unknown;
  const token = access.tokenOf(call);
  if (token.type === "APP") throw unknown;
  return token;
}

function showUser(call: Call, state: State): GraphResponse {
  const token = userToken(call, state);
  const [first, last] = token.type === "USER" ? ["Emulated", "developer"] : ["Emulated", "system user"];
  const all = {
    id: token.userId,
    name: `${first} ${last}`,
    first_name: first,
    last_name: last,
    middle_name: undefined,
    short_name: first,
    email: undefined,
    picture: undefined,
    client_business_id: token.type === "SYSTEM_USER" ? businessIdOf(state.account) : undefined,
    accounts: () => ({ data: [] }),
    businesses: () => businesses(token, state),
    permissions: () => permissions(token),
  };
  return ok(fieldsOf(call, "user", all, ["name"]));
}

function permissions({ scopes }: Token): object {
  return { data: scopes.map((permission) => ({ permission, status: "granted" })) };
}

function businesses({ target }: Token, { account }: State): object {
  return { data: target === account.businessAccountId ? [{ id: businessIdOf(account), name: BUSINESS_NAME }] : [] };
}

function showBusiness(call: Call, state: State): GraphResponse {
  const { account, callbacks } = state;
  const owned = (field: Field) => ({ data: [describeAccount(field.fields, state)] });
  const all = {
    id: businessIdOf(account),
    name: BUSINESS_NAME,
    created_time: undefined,
    link: undefined,
    primary_page: undefined,
    profile_picture_uri: undefined,
    timezone_id: 1,
    verification_status: "not_verified",
    vertical: "OTHER",
    health_status: health(account),
    owned_whatsapp_business_accounts: owned,
    client_whatsapp_business_accounts: () => ({ data: [] }),
    owned_apps: () => ({ data: [...callbacks.subscribed].map(([id, { application }]) => ({ id, name: application })) }),
  };
  return ok(fieldsOf(call, "business", all, ["name"]));
}

function accounts(call: Call, state: State): object {
  return { data: [describeAccount(requestedFields(call), state)] };
}

/** The app of the token. */
function showApp(call: Call, { access }: State): GraphResponse {
  const { appId, application } = access.tokenOf(call);
  const link = `https://www.facebook.com/games/?app_id=${appId}`;
  const all = {
    id: appId,
    name: application,
    namespace: undefined,
    category: "Business",
    subcategory: undefined,
    company: undefined,
    contact_email: undefined,
    description: undefined,
    icon_url: undefined,
    logo_url: undefined,
    link,
    app_domains: [],
    app_type: 0,
    created_time: undefined,
    object_store_urls: undefined,
    privacy_policy_url: "https://example.com/privacy",
    restrictions: undefined,
    server_ip_whitelist: [],
    terms_of_service_url: undefined,
    website_url: undefined,
  };
  return ok(fieldsOf(call, "app", all, ["category", "link", "name"]));
}
