/** Webhooks of fields other than `messages`: what an action of the API changes at the account, its numbers or its templates. */
import { fields } from "../../webhook/fields/index.ts";
import { encodeWire } from "../../webhook/wire.ts";
import type { Clock } from "../clock.ts";
import type { Ids } from "../ids.ts";
import type { Account } from "../options.ts";
import type { Deliveries } from "./deliveries.ts";

/** Fields whose deliveries have no `entry[].time`. */
const UNTIMED = new Set(fields.filter(({ timed }) => !timed).map(({ name }) => name));

interface Context {
  account: Account;
  clock: Clock;
  deliveries: Deliveries;
  ids: Ids;
}

export class Changes {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  /** Queues a change of a webhook field, for every app that subscribes to it. `afterMs` runs on the emulator's clock. */
  emit(field: string, value: object, afterMs = 0): void {
    const { account, clock, deliveries, ids } = this.#context;
    const at = clock.now() + afterMs;
    const time = UNTIMED.has(field) ? {} : { time: Math.floor(at / 1000) };
    const body = encodeWire({
      object: "whatsapp_business_account",
      entry: [{ id: account.businessAccountId, ...time, changes: [{ value, field }] }],
    });
    const step = { kind: field, due: clock.elapsed() + afterMs, size: body.length, body: () => body };
    deliveries.add({ id: ids.digits("change"), group: "field", field, steps: [step] });
  }
}
