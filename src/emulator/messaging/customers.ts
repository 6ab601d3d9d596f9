/** Whom the business talks with: their names, and until when it may write to them freely. */
import type { Clock } from "../clock.ts";
import type { Account } from "../options.ts";
import { userIdOf, waIdOf } from "./recipient.ts";

export interface Customer {
  /** The number as WhatsApp knows it. */
  waId: string;
  userId: string;
  /** The name in the profile, once it is known. */
  name?: string;
}

interface Met extends Customer {
  wroteAt: number;
}

const DAY_MS = 24 * 3_600_000;
const MAX_MET = 10_000;

export class Customers {
  readonly #account: Account;
  readonly #clock: Clock;
  /** As if everybody who may be written to had just written. */
  readonly #openedAt: number;
  readonly #allowed: Set<string>;
  readonly #met = new Map<string, Met>();
  #allowedUsers: Map<string, string> | undefined;

  constructor(account: Account, window: "open" | "closed", clock: Clock) {
    this.#account = account;
    this.#clock = clock;
    this.#openedAt = window === "open" ? clock.now() : -Infinity;
    this.#allowed = new Set(account.allowedNumbers);
  }

  /** Whether a number, exactly as it is dialled, is in the allowed list. */
  mayReceive(number: string): boolean {
    return this.#allowed.has(number);
  }

  of(number: string): Customer {
    const waId = waIdOf(number);
    const met = this.#met.get(waId);
    if (met !== undefined) return met;
    const { customer, businessAccountId } = this.#account;
    const name = waIdOf(customer.number) === waId ? { name: customer.name } : {};
    return { waId, userId: userIdOf(waId, businessAccountId), ...name };
  }

  /** The customer with this business-scoped user id, if it is one that we can know. */
  withUserId(userId: string): Customer | undefined {
    for (const met of this.#met.values()) if (met.userId === userId) return met;
    this.#allowedUsers ??= new Map(this.#account.allowedNumbers.map((number) => [this.of(number).userId, number]));
    const number = this.#allowedUsers.get(userId);
    return number === undefined ? undefined : this.of(number);
  }

  /** The customer writes: the 24 hours begin anew. */
  wrote(number: string, name: string | undefined): Met {
    const customer = this.of(number);
    const met: Met = { ...customer, ...(name === undefined ? {} : { name }), wroteAt: this.#clock.now() };
    this.#met.delete(met.waId);
    this.#met.set(met.waId, met);
    if (this.#met.size > MAX_MET) this.#met.delete(this.#met.keys().next().value as string);
    return met;
  }

  /** Whether the customer has written in the last 24 hours. */
  isOpen(waId: string): boolean {
    return this.#clock.now() - (this.#met.get(waId)?.wroteAt ?? this.#openedAt) < DAY_MS;
  }
}
