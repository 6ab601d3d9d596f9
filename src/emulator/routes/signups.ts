/** Signup links of the account. Source: Meta, "In-App Signup". */
import { MANAGEMENT } from "../account/tokens.ts";
import { contentOf, type Call } from "../http/call.ts";
import { ok, SUCCESS, type GraphResponse } from "../http/graph-response.ts";
import { pageOf } from "../http/page.ts";
import type { State } from "../state.ts";
import { PAGE_QUERY, type Route } from "./route.ts";

const ofAccount = { path: "/:id/signups", node: "waba", scope: MANAGEMENT } as const;
const ofOne = { path: "/signups/:id", node: "signup", scope: MANAGEMENT } as const;

export const signupRoutes: readonly Route[] = [
  { method: "GET", ...ofAccount, query: PAGE_QUERY, run: list },
  {
    method: "POST",
    ...ofAccount,
    partly: "errors have code 100 instead of Meta's codes for signups",
    run: (call, { business }) => ok({ id: business.signups.add(contentOf(call)).id }),
  },
  { method: "GET", ...ofOne, run: (call, { business }) => ok(business.signups.get(call.id)) },
  { method: "POST", ...ofOne, run: update },
];

function list(call: Call, { business }: State): GraphResponse {
  const { data, ...paging } = pageOf(business.signups.list(), call.query, call);
  return ok({ data, ...paging });
}

function update(call: Call, { business }: State): GraphResponse {
  business.signups.update(call.id, contentOf(call));
  return SUCCESS;
}
