/** The settings of a phone number: calling, identity checks and storage. Source: Meta, "Phone number settings API". */
import { asJsonObject } from "../../json.ts";
import { MANAGEMENT } from "../account/tokens.ts";
import { contentOf, type Call } from "../http/call.ts";
import { invalid, missing, ok, SUCCESS, type GraphResponse } from "../http/graph-response.ts";
import type { State } from "../state.ts";
import { phoneOf } from "./phone-number.ts";
import type { Route } from "./route.ts";

const rights = { path: "/:id/settings", node: "phone", scope: MANAGEMENT } as const;
const GROUPS = ["calling", "user_identity_change", "storage_configuration", "payload_encryption"];
const DEFAULTS = {
  calling: { status: "DISABLED", call_icon_visibility: "DEFAULT", callback_permission_status: "DISABLED" },
  storage_configuration: { status: "DEFAULT" },
};

export const phoneSettingsRoutes: readonly Route[] = [
  { method: "GET", ...rights, query: ["include_sip_credentials"], run: show },
  { method: "POST", ...rights, query: GROUPS, run: change },
];

function show(call: Call, state: State): GraphResponse {
  return ok({ ...DEFAULTS, ...phoneOf(call, state).settings });
}

/** Stores each group of settings that the request contains; settings that the emulator does not know are kept as they are. */
function change(call: Call, state: State): GraphResponse {
  const number = phoneOf(call, state);
  const groups = Object.entries(contentOf(call, GROUPS)).filter(([name]) => name !== "messaging_product");
  if (groups.length === 0) throw missing("calling");
  const changed = groups.map(([name, value]) => {
    const group = asJsonObject(value);
    if (group === undefined) throw invalid(`Param ${name} must be an object.`);
    const before = {
      ...asJsonObject((DEFAULTS as Record<string, unknown>)[name]),
      ...asJsonObject(number.settings[name]),
    };
    return [name, { ...before, ...group }] as const;
  });
  number.settings = { ...number.settings, ...Object.fromEntries(changed) };
  const calling = number.settings["calling"];
  if (changed.some(([name]) => name === "calling")) {
    const settings = { phone_number_id: number.id, calling };
    const timestamp = String(state.clock.seconds());
    const event = { messaging_product: "whatsapp", timestamp, type: "phone_number_settings" };
    state.changes.emit("account_settings_update", { ...event, phone_number_settings: settings });
  }
  return SUCCESS;
}
