/** OAuth routes: token exchange, renewal, app tokens and revocation. */
import { checkClient } from "../account/access.ts";
import { EXCHANGED_SECONDS } from "../account/tokens.ts";
import { parametersOf, textAt, type Call } from "../http/call.ts";
import { requireText } from "../http/checks.ts";
import { ok, invalid, GraphErrorResponse, SUCCESS, type GraphResponse } from "../http/graph-response.ts";
import type { State } from "../state.ts";
import type { Route } from "./route.ts";

const GRANT =
  "grant_type client_id client_secret fb_exchange_token set_token_expires_in_60_days code redirect_uri".split(" ");

export const oauthRoutes: readonly Route[] = [
  { method: "GET", path: "/oauth/access_token", query: GRANT, run: grant },
  { method: "POST", path: "/oauth/access_token", query: GRANT, run: grant },
  { method: "GET", path: "/oauth/revoke", query: ["client_id", "client_secret", "revoke_token"], run: revoke },
];

function grant(call: Call, state: State): GraphResponse {
  const parameters = parametersOf(call);
  checkClient(parameters, state.account);
  const type = textAt(parameters, "grant_type");
  if (type === "client_credentials") return ok({ access_token: state.tokens.named.app, token_type: "bearer" });
  if (type === "fb_exchange_token") return exchange(parameters, state);
  const code = textAt(parameters, "code");
  if (code !== undefined) return redeem(code, state);
  throw invalid("Param grant_type must be one of {client_credentials, fb_exchange_token}.");
}

/** The business token for a code of embedded signup. */
function redeem(code: string, { account, business, ids, tokens }: State): GraphResponse {
  business.signupCodes.redeem(code);
  const issued = tokens.issue(tokens.requireValid(account.accessToken), ids.token(), 0);
  return ok({ access_token: issued.value, token_type: "bearer" });
}

function exchange(parameters: Record<string, unknown>, { ids, tokens, account }: State): GraphResponse {
  const token = tokens.requireValid(requireText(parameters, "fb_exchange_token"));
  if (token.appId !== account.appId || token.type === "APP") {
    throw new GraphErrorResponse(190, {
      message: "Error validating access token: The token is not a token of this app's users.",
    });
  }
  const renewed = textAt(parameters, "set_token_expires_in_60_days") === "true";
  const permanent = token.type === "SYSTEM_USER" && token.expiresAt === 0 && !renewed;
  const seconds = permanent ? 0 : EXCHANGED_SECONDS;
  const issued = tokens.issue(token, ids.token(), seconds);
  const expiry = permanent ? {} : { expires_in: seconds };
  return ok({ access_token: issued.value, token_type: "bearer", ...expiry });
}

function revoke(call: Call, { access, account, tokens }: State): GraphResponse {
  const parameters = parametersOf(call);
  checkClient(parameters, account);
  const caller = access.tokenOf(call);
  const token = tokens.requireValid(requireText(parameters, "revoke_token"));
  if (token.appId !== caller.appId) throw invalid("The token belongs to another app");
  tokens.revoke(token);
  return SUCCESS;
}
