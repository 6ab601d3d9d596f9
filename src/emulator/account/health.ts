/** The `health_status` field: in the emulator, every entity can send messages. */
import { digitsOf } from "../ids.ts";
import type { Account } from "../options.ts";

/** Lists the requested entity and the entities above it. */
export function health(account: Account, from: "PHONE_NUMBER" | "WABA"): object {
  const entities = [
    { entity_type: "PHONE_NUMBER", id: account.phoneNumberId },
    { entity_type: "WABA", id: account.businessAccountId },
    { entity_type: "BUSINESS", id: digitsOf(`${account.businessAccountId} business`, 15) },
    { entity_type: "APP", id: account.appId },
  ].map((entity) => ({ ...entity, can_send_message: "AVAILABLE" }));
  return { can_send_message: "AVAILABLE", entities: from === "WABA" ? entities.slice(1) : entities };
}
