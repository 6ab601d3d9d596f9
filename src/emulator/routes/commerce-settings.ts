/** Whether the catalog and the cart of a number are visible. Source: Meta, "Commerce settings". */
import { MANAGEMENT } from "../account/tokens.ts";
import { parametersOf, type Call } from "../http/call.ts";
import { booleanOf } from "../http/checks.ts";
import { ok, SUCCESS, type GraphResponse } from "../http/graph-response.ts";
import type { State } from "../state.ts";
import type { Route } from "./route.ts";

const rights = { path: "/:id/whatsapp_commerce_settings", node: "phone", scope: MANAGEMENT } as const;

export const commerceSettingRoutes: readonly Route[] = [
  {
    method: "GET",
    ...rights,
    query: ["fields"],
    run: ({ id }, { business }) => ok({ data: [{ ...business.numbers.of(id).commerce, id }] }),
  },
  { method: "POST", ...rights, query: ["is_cart_enabled", "is_catalog_visible"], run: update },
];

function update(call: Call, { business }: State): GraphResponse {
  const parameters = parametersOf(call);
  const { commerce } = business.numbers.of(call.id);
  commerce.is_cart_enabled = booleanOf(parameters, "is_cart_enabled") ?? commerce.is_cart_enabled;
  commerce.is_catalog_visible = booleanOf(parameters, "is_catalog_visible") ?? commerce.is_catalog_visible;
  return SUCCESS;
}
