/** Blocking and unblocking customers. Source: Meta, "Block users". */
import { MESSAGING } from "../account/tokens.ts";
import { contentOf, textAt, type Call } from "../http/call.ts";
import { requireObjects, requireProduct } from "../http/checks.ts";
import { GraphErrorResponse, missing, ok, type GraphResponse } from "../http/graph-response.ts";
import { pageOf } from "../http/page.ts";
import type { State } from "../state.ts";
import { PAGE_QUERY, type Route } from "./route.ts";

const rights = { path: "/:id/block_users", node: "phone", scope: MESSAGING } as const;
const MAX_USERS = 1000;
const MAX_BODY = 256 * 1024;
const partly = "messages to a blocked customer are accepted";

export const blockUserRoutes: readonly Route[] = [
  { method: "GET", ...rights, query: PAGE_QUERY, partly: "a change between two pages is no error 139102", run: list },
  { method: "POST", ...rights, maxBytes: MAX_BODY, partly, run: (call, state) => change(call, state, "block") },
  { method: "DELETE", ...rights, maxBytes: MAX_BODY, run: (call, state) => change(call, state, "unblock") },
];

function list(call: Call, { business }: State): GraphResponse {
  const { data, ...paging } = pageOf(business.numbers.of(call.id).blocked.list(), call.query, call);
  return ok({ data, ...paging });
}

function change(call: Call, { business }: State, action: "block" | "unblock"): GraphResponse {
  const fields = contentOf(call);
  requireProduct(fields);
  if (Array.isArray(fields["block_users"]) && fields["block_users"].length > MAX_USERS) {
    throw new GraphErrorResponse(130_429, { details: `block_users: at most ${MAX_USERS} users in one request` });
  }
  const inputs = requireObjects(fields, "block_users", MAX_USERS).map((user, at) => {
    const input = textAt(user, "user") ?? textAt(user, "user_id");
    if (input === undefined) throw missing(`block_users[${at}]['user']`);
    return input;
  });
  const { blocked } = business.numbers.of(call.id);
  const outcomes = inputs.map((input) => blocked[action](input));
  const [done, failed] = [false, true].map((fails) =>
    outcomes.filter(({ errors }) => (errors !== undefined) === fails),
  );
  const name = action === "block" ? "added_users" : "removed_users";
  const result = {
    messaging_product: "whatsapp",
    block_users: {
      ...(done?.length === 0 ? {} : { [name]: done }),
      ...(failed?.length === 0 ? {} : { failed_users: failed }),
    },
  };
  if (failed?.length === 0) return ok(result);
  const details = `Failed to ${action} some users, see the block_users response list for details`;
  throw new GraphErrorResponse(139_100, { details, beside: result });
}
