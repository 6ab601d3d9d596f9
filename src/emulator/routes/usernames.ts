/** The username of a number. Source: Meta, "Business-scoped user IDs", section on business usernames. */
import { MANAGEMENT } from "../account/tokens.ts";
import { isTaken, suggestionsFor, usernameProblem } from "../business/usernames.ts";
import { parametersOf, type Call } from "../http/call.ts";
import { oneOf, requireText } from "../http/checks.ts";
import { GraphErrorResponse, invalid, ok, SUCCESS, type GraphResponse } from "../http/graph-response.ts";
import type { State } from "../state.ts";
import type { Route } from "./route.ts";

const rights = { path: "/:id/username", node: "phone", scope: MANAGEMENT } as const;
const MAX_USERNAME = 200;

export const usernameRoutes: readonly Route[] = [
  { method: "GET", ...rights, run: show },
  { method: "POST", ...rights, query: ["username", "transfer_action"], run: adopt },
  { method: "DELETE", ...rights, run: remove },
  {
    method: "GET",
    path: "/:id/username_suggestions",
    node: "phone",
    scope: MANAGEMENT,
    run: (_, { account }) => ok({ data: [{ username_suggestions: suggestionsFor(account.verifiedName) }] }),
  },
];

function show({ id }: Call, { business }: State): GraphResponse {
  const { username } = business.numbers.of(id);
  return ok(username === undefined ? {} : { username, status: "approved" });
}

function adopt(call: Call, state: State): GraphResponse {
  const { business, account, changes } = state;
  const parameters = parametersOf(call);
  const username = requireText(parameters, "username", MAX_USERNAME);
  const transfer = oneOf(parameters, "transfer_action", ["none", "force_transfer"]);
  const problem = usernameProblem(username);
  if (problem !== undefined) throw invalid("Invalid parameter", `username: must have ${problem}`);
  if (isTaken(username)) throw new GraphErrorResponse(147_001);
  const owner = business.numbers.withUsername(username);
  if (owner !== undefined && owner !== call.id && transfer !== "force_transfer") throw new GraphErrorResponse(147_005);
  if (owner !== undefined) delete business.numbers.of(owner).username;
  business.numbers.of(call.id).username = username;
  const status = "approved";
  changes.emit("business_username_update", { display_phone_number: account.displayNumber, username, status });
  return ok({ status });
}

function remove({ id }: Call, { business, account, changes }: State): GraphResponse {
  const assets = business.numbers.of(id);
  if (assets.username !== undefined) {
    delete assets.username;
    const display_phone_number = account.displayNumber;
    changes.emit("business_username_update", { display_phone_number, status: "deleted" });
  }
  return SUCCESS;
}
