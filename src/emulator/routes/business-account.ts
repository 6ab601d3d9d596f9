/** The WhatsApp Business Account, its numbers, and who asks. */
import { health } from "../account/health.ts";
import { APPLICATION, MANAGEMENT } from "../account/tokens.ts";
import { answer, Refusal, type Answer } from "../http/answer.ts";
import type { Call } from "../http/call.ts";
import { fieldsOf } from "../http/fields.ts";
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

function show(call: Call, { account }: State): Answer {
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
  return answer(fieldsOf(call, "waba", all, ["name", "timezone_id", "message_template_namespace"]));
}

function listNumbers(call: Call, state: State): Answer {
  const after = call.query["after"] === undefined ? [describePhone(call, state)] : [];
  return answer({
    data: after,
    ...(after.length === 0 ? {} : { paging: { cursors: { before: "MAZDZD", after: "MAZDZD" } } }),
  });
}

function showApp(call: Call, { account }: State): Answer {
  const link = `https://www.facebook.com/games/?app_id=${account.appId}`;
  const all = { id: account.appId, name: APPLICATION, category: "Business", link };
  return answer(fieldsOf(call, "app", all, ["category", "link", "name"]));
}

function showMe(call: Call, { access }: State): Answer {
  const unknown = new Refusal(2500, {
    message: "An active access token must be used to query information about the current user.",
    http: call.token === undefined ? 401 : 400,
  });
  if (call.token === undefined) throw unknown;
  const token = access.tokenOf(call);
  if (token.type === "APP") throw unknown;
  const name = token.type === "USER" ? "Emulated developer" : "Emulated system user";
  return answer({ name, id: token.userId });
}
