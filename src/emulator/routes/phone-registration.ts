/** Verification and registration of a phone number. Source: Meta, "Registering business phone numbers". */
import { VERIFICATION_CODE } from "../account/phone-numbers.ts";
import { MANAGEMENT } from "../account/tokens.ts";
import { contentOf, textAt, type Call } from "../http/call.ts";
import { oneOf, requireProduct, requireText } from "../http/checks.ts";
import { missing, SUCCESS, type GraphResponse } from "../http/graph-response.ts";
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
  const method = oneOf(fields, "code_method", ["SMS", "VOICE"]);
  if (method === undefined) throw missing("code_method");
  requireText(fields, "language");
  const number = phoneOf(call, state);
  state.phoneNumbers.requestCode(number);
  const kind = method === "SMS" ? "SMS" : "voice call";
  const message = `${kind} to +${number.displayNumber}: the verification code is ${VERIFICATION_CODE}`;
  state.log.emit({ type: "warning", at: state.clock.now(), message });
  return SUCCESS;
}

function verifyCode(call: Call, state: State): GraphResponse {
  const code = requireText(contentOf(call, VERIFY_CODE), "code");
  state.phoneNumbers.verifyCode(phoneOf(call, state), code);
  return SUCCESS;
}

function register(call: Call, state: State): GraphResponse {
  const fields = contentOf(call, REGISTER);
  requireProduct(fields);
  state.phoneNumbers.register(phoneOf(call, state), textAt(fields, "pin"));
  return SUCCESS;
}
