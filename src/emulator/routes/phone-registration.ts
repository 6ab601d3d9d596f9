/** Verification and registration of a phone number. Source: Meta, "Registering business phone numbers". */
import { VERIFICATION_CODE } from "../account/phone-numbers.ts";
import { MANAGEMENT } from "../account/tokens.ts";
import { contentOf, textAt, type Call } from "../http/call.ts";
import { invalid, missing, SUCCESS, type GraphResponse } from "../http/graph-response.ts";
import type { State } from "../state.ts";
import { phoneOf } from "./phone-number.ts";
import type { Route } from "./route.ts";

const rights = { method: "POST", node: "phone", scope: MANAGEMENT } as const;
const REGISTER = ["messaging_product", "pin", "data_localization_region", "backup"];
const REQUEST_CODE = ["code_method", "language"];
const VERIFY_CODE = ["code"];

export const phoneRegistrationRoutes: readonly Route[] = [
  { ...rights, path: "/:id/request_code", query: REQUEST_CODE, run: requestCode },
  { ...rights, path: "/:id/verify_code", query: VERIFY_CODE, run: verifyCode },
  { ...rights, path: "/:id/register", query: REGISTER, run: register },
  {
    ...rights,
    path: "/:id/deregister",
    query: ["messaging_product"],
    run: (call, state) => {
      state.phoneNumbers.deregister(phoneOf(call, state));
      return SUCCESS;
    },
  },
];

function requestCode(call: Call, state: State): GraphResponse {
  const fields = contentOf(call, REQUEST_CODE);
  const method = textAt(fields, "code_method")?.toUpperCase();
  if (method === undefined) throw missing("code_method");
  if (method !== "SMS" && method !== "VOICE") throw invalid("Param code_method must be one of {SMS, VOICE}");
  if (textAt(fields, "language") === undefined) throw missing("language");
  const number = phoneOf(call, state);
  state.phoneNumbers.requestCode(number);
  const kind = method === "SMS" ? "SMS" : "voice call";
  const message = `${kind} to +${number.displayNumber}: the verification code is ${VERIFICATION_CODE}`;
  state.log.emit({ type: "warning", at: state.clock.now(), message });
  return SUCCESS;
}

function verifyCode(call: Call, state: State): GraphResponse {
  const code = textAt(contentOf(call, VERIFY_CODE), "code");
  if (code === undefined) throw missing("code");
  state.phoneNumbers.verifyCode(phoneOf(call, state), code);
  return SUCCESS;
}

function register(call: Call, state: State): GraphResponse {
  const fields = contentOf(call, REGISTER);
  if (fields["messaging_product"] !== "whatsapp") throw missing("messaging_product");
  state.phoneNumbers.register(phoneOf(call, state), textAt(fields, "pin"));
  return SUCCESS;
}
