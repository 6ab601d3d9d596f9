/** The name of a consumer in its group: the same after a restart, and never that of another process that runs. */
import { randomUUID } from "node:crypto";

import { UsageError } from "../../errors.ts";
import type { Connection } from "./connection.ts";
import { LEASE, RELEASE } from "./scripts.ts";

/** As long as what a consumer holds is its own. */
const LEASE_MS = 12_000;
const MOST = 64;

export class ConsumerName {
  readonly name: string;
  readonly #connection: Connection;
  readonly #group: string;
  readonly #who = randomUUID();

  private constructor(connection: Connection, group: string, name: string) {
    this.#connection = connection;
    this.#group = group;
    this.name = name;
  }

  /** `ana@laptop`, or `ana@laptop 2` while the first one runs. */
  static async claim(connection: Connection, options: { group: string; consumer: string }): Promise<ConsumerName> {
    const { group, consumer } = options;
    for (let number = 1; number <= MOST; number++) {
      const claimed = new ConsumerName(connection, group, number === 1 ? consumer : `${consumer} ${number}`);
      if (await claimed.renew()) return claimed;
    }
    throw new UsageError(`${MOST} processes of ${consumer} already receive deliveries in group ${group}`, {
      code: "store.consumers",
      hint: "stop some of them, or use another --group",
    });
  }

  async renew(): Promise<boolean> {
    return (await this.#connection.script(LEASE, [...this.#lease, String(LEASE_MS)])) === 1;
  }

  async release(): Promise<void> {
    await this.#connection.script(RELEASE, this.#lease).catch(() => undefined);
  }

  get #lease(): [name: string, who: string] {
    return [`consumer:${this.#group}:${this.name}`, this.#who];
  }
}
