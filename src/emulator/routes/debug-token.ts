/** The `debug_token` route. Sources: Meta, "debug_token", and observed responses for expired and invalidated tokens. */
import type { Token } from "../account/tokens.ts";
import { parametersOf, textAt, type Call } from "../http/call.ts";
import { ok, type GraphResponse, invalid, missing, GraphErrorResponse } from "../http/graph-response.ts";
import type { State } from "../state.ts";
import type { Route } from "./route.ts";

export const debugTokenRoutes: readonly Route[] = [
  { method: "GET", path: "/debug_token", query: ["input_token"], run: inspect },
];

function inspect(call: Call, state: State): GraphResponse {
  const { access, tokens } = state;
  const input = textAt(parametersOf(call), "input_token");
  if (call.token === undefined) throw notAllowed();
  const caller = access.tokenOf(call);
  if (input === undefined) throw missing("input_token");
  const token = tokens.find(input);
  if (token === undefined) {
    // Meta checks the caller's permission even when the inspected token does not exist.
    if (!canInspect(caller, caller, state)) throw notAllowed();
    return ok({ data: { error: { code: 190, message: tokens.unknownMessage(input) }, is_valid: false, scopes: [] } });
  }
  if (token.appId !== caller.appId) {
    throw invalid("The App_id in the input_token did not match the Viewing App");
  }
  if (!canInspect(caller, token, state)) throw notAllowed();
  return ok({ data: describe(token, tokens.invalidReason(token)) });
}

/** Allowed: the app, its developers, and a system user of the app's own business for its own token. */
function canInspect(caller: Token, token: Token, { account }: State): boolean {
  if (caller.type === "APP" || caller.type === "USER") return true;
  return caller.value === token.value && caller.target === account.businessAccountId;
}

function notAllowed(): GraphErrorResponse {
  return invalid(
    "You must provide an app access token, or a user access token that is an owner or developer of the app",
  );
}

function describe(token: Token, reason: { subcode: number; message: string } | undefined): object {
  const { appId: app_id, type, application, scopes, target } = token;
  if (type === "APP") return { app_id, type, application, is_valid: true, scopes };
  const error = reason && { error: { code: 190, message: reason.message, subcode: reason.subcode } };
  const granular = scopes
    .filter((scope) => scope.startsWith("whatsapp_"))
    .map((scope) => ({ scope, target_ids: [target] }));
  return {
    app_id,
    type,
    application,
    data_access_expires_at: token.dataAccessExpiresAt,
    ...error,
    expires_at: token.expiresAt,
    is_valid: reason === undefined,
    issued_at: token.issuedAt,
    scopes: reason === undefined ? scopes : [],
    ...(reason === undefined ? { granular_scopes: granular } : {}),
    user_id: token.userId,
  };
}
