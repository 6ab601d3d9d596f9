/** What the state of the business's resources needs of the rest of the emulator, and the `value` of webhooks about its number. */
import { numberValue } from "../../webhook/envelope.ts";
import type { Clock } from "../clock.ts";
import type { Ids } from "../ids.ts";
import type { Customers } from "../messaging/customers.ts";
import { businessOf } from "../messaging/payloads.ts";
import type { Account } from "../options.ts";
import type { Changes } from "../webhooks/changes.ts";

export interface Context {
  account: Account;
  changes: Changes;
  clock: Clock;
  customers: Customers;
  ids: Ids;
}

/** The `value` of a change that concerns the number. */
export function aboutNumber(account: Account, content: object): object {
  return numberValue(businessOf(account).metadata, content);
}
