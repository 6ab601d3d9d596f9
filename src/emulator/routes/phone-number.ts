/** Phone number routes: lookup, the two-step verification PIN, the webhook override, and removal. */
import { asJsonObject } from "../../json.ts";
import { describePhone } from "../account/phone-number-fields.ts";
import type { PhoneNumber } from "../account/phone-numbers.ts";
import { MANAGEMENT } from "../account/tokens.ts";
import { contentOf, textAt, type Call } from "../http/call.ts";
import { requestedFields } from "../http/fields.ts";
import { ok, invalid, missing, SUCCESS, type GraphResponse } from "../http/graph-response.ts";
import type { State } from "../state.ts";
import type { Route } from "./route.ts";
import { verifiedOverride } from "./subscribed-apps.ts";

const rights = { node: "phone", scope: MANAGEMENT } as const;
const SETTABLE = ["webhook_configuration", "pin"];

export const phoneNumberRoutes: readonly Route[] = [
  { method: "GET", path: "/:id", ...rights, query: ["fields"], run: show },
  { method: "POST", path: "/:id", ...rights, query: SETTABLE, run: configure },
  { method: "DELETE", path: "/:id", ...rights, run: remove },
];

/** The phone number of a request to one of its routes. */
export function phoneOf({ id, method }: Call, { access, phoneNumbers }: State): PhoneNumber {
  const number = phoneNumbers.get(id);
  if (number === undefined) throw access.notFound({ id, method });
  return number;
}

function show(call: Call, state: State): GraphResponse {
  return ok(describePhone(requestedFields(call), phoneOf(call, state), state));
}

async function configure(call: Call, state: State): Promise<GraphResponse> {
  const fields = contentOf(call, SETTABLE);
  const { webhook_configuration: webhooks, pin } = fields;
  const others = Object.keys(fields).filter((name) => !SETTABLE.includes(name) && name !== "messaging_product");
  if (webhooks === undefined && pin === undefined) {
    if (others.length === 0) throw missing("webhook_configuration");
    const details = `the emulator supports only ${SETTABLE.join(" and ")} here, not ${others.join(", ")}`;
    throw invalid("Invalid parameter", details);
  }
  call.unknown = others;
  if (webhooks !== undefined) await setOverride(call, webhooks, state);
  if (pin !== undefined) state.phoneNumbers.setPin(phoneOf(call, state), textAt(fields, "pin"));
  return SUCCESS;
}

async function setOverride(call: Call, value: unknown, state: State): Promise<void> {
  const configuration = asJsonObject(value);
  if (configuration === undefined) throw missing("webhook_configuration");
  if (configuration["override_callback_uri"] === undefined) throw missing("override_callback_uri");
  const { appId } = state.access.tokenOf(call);
  state.callbacks.overridePhone(appId, call.id, await verifiedOverride(configuration, state, appId));
}

function remove(call: Call, state: State): GraphResponse {
  state.phoneNumbers.remove(phoneOf(call, state));
  return SUCCESS;
}
