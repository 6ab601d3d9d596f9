/** Phone number routes: lookup, registration and the webhook override. */
import { asJsonObject } from "../../json.ts";
import { health } from "../account/health.ts";
import { MANAGEMENT } from "../account/tokens.ts";
import { contentOf, textAt, type Call } from "../http/call.ts";
import { fieldsOf } from "../http/fields.ts";
import { ok, invalid, missing, SUCCESS, type GraphResponse } from "../http/graph-response.ts";
import type { State } from "../state.ts";
import type { Route } from "./route.ts";
import { verifiedOverride } from "./subscribed-apps.ts";

const rights = { node: "phone", scope: MANAGEMENT } as const;

export const phoneNumberRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/:id",
    ...rights,
    query: ["fields"],
    run: (call, state) => ok(describePhone(call, state)),
  },
  { method: "POST", path: "/:id", ...rights, run: configure },
  { method: "POST", path: "/:id/register", ...rights, run: register },
  { method: "POST", path: "/:id/deregister", ...rights, run: () => SUCCESS },
];

const DEFAULT_FIELDS = [
  "verified_name",
  "code_verification_status",
  "display_phone_number",
  "quality_rating",
  "platform_type",
  "throughput",
  "webhook_configuration",
];

/** The requested fields of the phone number, or the default ones. */
export function describePhone(call: Call, state: State): object {
  const { account, callbacks, clock } = state;
  const { displayNumber, phoneNumberId, verifiedName, appId } = account;
  const all = {
    id: phoneNumberId,
    verified_name: verifiedName,
    display_phone_number: formatNumber(displayNumber),
    quality_rating: "GREEN",
    code_verification_status: "VERIFIED",
    name_status: "APPROVED",
    new_name_status: "NONE",
    status: "CONNECTED",
    platform_type: "CLOUD_API",
    host_platform: "CLOUD_API",
    throughput: { level: "STANDARD" },
    account_mode: "SANDBOX",
    messaging_limit_tier: "TIER_250",
    whatsapp_business_manager_messaging_limit: "TIER_250",
    is_official_business_account: false,
    is_on_biz_app: false,
    is_pin_enabled: false,
    country_dial_code: displayNumber.startsWith("1") ? "1" : displayNumber.slice(0, 2),
    last_onboarded_time: new Date(clock.now()).toISOString().replace(/\.\d+Z$/, "+0000"),
    health_status: health(account, "PHONE_NUMBER"),
    webhook_configuration: callbacks.configurationOf(appId, phoneNumberId),
  };
  return fieldsOf(call, "phone", all, DEFAULT_FIELDS);
}

/** Formats `15550783881` as `+1 555-078-3881`. */
function formatNumber(digits: string): string {
  const [, area, office, line] = /^1(\d{3})(\d{3})(\d{4})$/.exec(digits) ?? [];
  return area === undefined ? `+${digits}` : `+1 ${area}-${office}-${line}`;
}

async function configure(call: Call, state: State): Promise<GraphResponse> {
  const fields = contentOf(call);
  const configuration = asJsonObject(fields["webhook_configuration"]);
  const others = Object.keys(fields).filter((name) => name !== "webhook_configuration");
  if (others.length > 0) {
    throw invalid(
      "Invalid parameter",
      `the emulator supports only webhook_configuration here, not ${others.join(", ")}`,
    );
  }
  if (configuration === undefined) throw missing("webhook_configuration");
  if (configuration["override_callback_uri"] === undefined) throw missing("override_callback_uri");
  const { appId } = state.access.tokenOf(call);
  state.callbacks.overridePhone(appId, call.id, await verifiedOverride(configuration, state, appId));
  return SUCCESS;
}

function register(call: Call): GraphResponse {
  const fields = contentOf(call);
  if (fields["messaging_product"] !== "whatsapp") throw missing("messaging_product");
  if (!/^\d{6}$/.test(textAt(fields, "pin") ?? "")) throw invalid("Param pin must be 6 digits.");
  return SUCCESS;
}
