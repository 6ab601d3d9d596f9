/** The `health_status` field: in the emulator, everything can send messages except a number that is not registered. */
import type { Account } from "../options.ts";
import { businessIdOf } from "./account.ts";
import type { PhoneNumber } from "./phone-numbers.ts";

const AVAILABLE = { can_send_message: "AVAILABLE" };
/** Source: Meta, "Messaging health status", whose errors have codes of their own. */
const NOT_REGISTERED = {
  can_send_message: "BLOCKED",
  errors: [
    {
      error_code: 141000,
      error_description: "The phone number is not registered for the Cloud API",
      possible_solution: "Register the phone number with POST /{phone-number-id}/register",
    },
  ],
};

/** The health of a phone number and of everything above it, or without a number of the account. */
export function health(account: Account, number?: PhoneNumber): object {
  const entities = [
    { entity_type: "WABA", id: account.businessAccountId, ...AVAILABLE },
    { entity_type: "BUSINESS", id: businessIdOf(account), ...AVAILABLE },
    { entity_type: "APP", id: account.appId, ...AVAILABLE },
  ];
  if (number === undefined) return { ...AVAILABLE, entities };
  const state = number.registered ? AVAILABLE : NOT_REGISTERED;
  const { can_send_message } = state;
  return { can_send_message, entities: [{ entity_type: "PHONE_NUMBER", id: number.id, ...state }, ...entities] };
}
