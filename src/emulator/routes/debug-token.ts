/** What a token is good for. Sources: Meta, "debug_token", and what is seen of tokens that are no longer good. */
import type { Token } from "../account/tokens.ts";
import { answer, type Answer, invalid, missing, Refusal } from "../http/answer.ts";
import { parametersOf, textAt, type Call } from "../http/call.ts";
import type { State } from "../state.ts";
import type { Route } from "./route.ts";

export const debugTokenRoutes: readonly Route[] = [
  { method: "GET", path: "/debug_token", query: ["input_token"], run: inspect },
];

function inspect(call: Call, state: State): Answer {
  const { access, tokens } = state;
  const input = textAt(parametersOf(call), "input_token");
  if (call.token === undefined) throw notAllowed();
  const caller = access.tokenOf(call);
  if (input === undefined) throw missing("input_token");
  const token = tokens.find(input);
  if (token === undefined) {
    // Who may ask about nothing in particular must be of an app all the same.
    if (!mayInspect(caller, caller, state)) throw notAllowed();
    return answer({ data: { error: { code: 190, message: tokens.unknown(input) }, is_valid: false, scopes: [] } });
  }
  if (token.appId !== caller.appId) {
    throw invalid("The App_id in the input_token did not match the Viewing App");
  }
  if (!mayInspect(caller, token, state)) throw notAllowed();
  return answer({ data: describe(token, tokens.fault(token)) });
}

/** The app may, its developers may, and a system user of the app's own business may look at itself. */
function mayInspect(caller: Token, token: Token, { account }: State): boolean {
  if (caller.type === "APP" || caller.type === "USER") return true;
  return caller.value === token.value && caller.target === account.businessAccountId;
}

function notAllowed(): Refusal {
  return invalid(
    "You must provide an app access token, or a user access token that is an owner or developer of the app",
  );
}

function describe(token: Token, fault: { subcode: number; message: string } | undefined): object {
  const { appId: app_id, type, application, scopes, target } = token;
  if (type === "APP") return { app_id, type, application, is_valid: true, scopes };
  const error = fault && { error: { code: 190, message: fault.message, subcode: fault.subcode } };
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
    is_valid: fault === undefined,
    issued_at: token.issuedAt,
    scopes: fault === undefined ? scopes : [],
    ...(fault === undefined ? { granular_scopes: granular } : {}),
    user_id: token.userId,
  };
}
