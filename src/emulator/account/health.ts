/** Whether messages can be sent, and who would be to blame if not: in the emulator they can. */
import { digitsOf } from "../ids.ts";
import type { Account } from "../options.ts";

/** The entities from the asked one upwards. */
export function health(account: Account, from: "PHONE_NUMBER" | "WABA"): object {
  const entities = [
    { entity_type: "PHONE_NUMBER", id: account.phoneNumberId },
    { entity_type: "WABA", id: account.businessAccountId },
    { entity_type: "BUSINESS", id: digitsOf(`${account.businessAccountId} business`, 15) },
    { entity_type: "APP", id: account.appId },
  ].map((entity) => ({ ...entity, can_send_message: "AVAILABLE" }));
  return { can_send_message: "AVAILABLE", entities: from === "WABA" ? entities.slice(1) : entities };
}
