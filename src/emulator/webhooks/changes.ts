/** Webhooks of fields other than `messages`: what an action of the API changes at the account, its numbers or its templates. */
import { envelope } from "../../webhook/envelope.ts";
import { fields, readField, undocumented } from "../../webhook/fields/index.ts";
import { encodeWire } from "../../webhook/wire.ts";
import type { Clock } from "../clock.ts";
import type { Ids } from "../ids.ts";
import type { Account } from "../options.ts";
import type { Deliveries } from "./deliveries.ts";

/** The fields whose entries have a time. */
const TIMED = new Set([...fields, ...undocumented].filter(({ timed }) => timed).map(({ name }) => name));

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
    const time = TIMED.has(field) ? Math.floor(at / 1000) : undefined;
    const body = encodeWire(envelope(account.businessAccountId, { field, value }, time));
    const [event] = readField(field, value, "value");
    const summary = event === undefined ? {} : { summary: event.summary };
    const step = { kind: field, ...summary, due: clock.elapsed() + afterMs, size: body.length, body: () => body };
    deliveries.add({ id: ids.digits("change"), group: "field", field, steps: [step] });
  }
}
