/** The analytics of the account as edges. They are fields of the account too. Source: Meta, "Analytics". */
import { MANAGEMENT } from "../account/tokens.ts";
import { ANALYTICS, analyticsOf } from "../business/analytics.ts";
import { ok } from "../http/graph-response.ts";
import type { Route } from "./route.ts";

const query = [
  ..."start end granularity phone_numbers country_codes product_types conversation_categories".split(" "),
  ..."conversation_types conversation_directions dimensions metric_types template_ids".split(" "),
  ..."pricing_types pricing_categories limit after".split(" "),
];

export const analyticsRoutes: readonly Route[] = ANALYTICS.map((name) => ({
  method: "GET",
  path: `/:id/${name}`,
  node: "waba",
  scope: MANAGEMENT,
  query,
  partly: "every count is 0",
  run: (call) => ok(analyticsOf(name, call.query)),
}));
