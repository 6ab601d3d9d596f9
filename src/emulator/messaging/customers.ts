/** The customers of the business: their names, user ids and 24-hour windows. */
import type { Clock } from "../clock.ts";
import type { Account } from "../options.ts";
import { userIdOf, waIdOf } from "./recipient.ts";

export interface Customer {
  /** The WhatsApp id of the number. */
  waId: string;
  userId: string;
  /** The profile name, when known. */
  name?: string;
}

interface ActiveCustomer extends Customer {
  lastMessageAt: number;
}

const DAY_MS = 24 * 3_600_000;
const MAX_ACTIVE = 10_000;

export class Customers {
  readonly #account: Account;
  readonly #clock: Clock;
  /** The window of every allowed customer opens at this time, even without a message. */
  readonly #initiallyOpenedAt: number;
  readonly #allowed: Set<string>;
  readonly #active = new Map<string, ActiveCustomer>();
  #allowedUsers: Map<string, string> | undefined;

  constructor(account: Account, window: "open" | "closed", clock: Clock) {
    this.#account = account;
    this.#clock = clock;
    this.#initiallyOpenedAt = window === "open" ? clock.now() : -Infinity;
    this.#allowed = new Set(account.allowedNumbers);
  }

  /** Whether a number, exactly as dialed, is in the allowed list. */
  isAllowed(number: string): boolean {
    return this.#allowed.has(number);
  }

  get(number: string): Customer {
    const waId = waIdOf(number);
    const active = this.#active.get(waId);
    if (active !== undefined) return active;
    const { customer, businessAccountId } = this.#account;
    const name = waIdOf(customer.number) === waId ? { name: customer.name } : {};
    return { waId, userId: userIdOf(waId, businessAccountId), ...name };
  }

  /** Finds a customer by business-scoped user id, among active and allowed customers. */
  findByUserId(userId: string): Customer | undefined {
    for (const active of this.#active.values()) if (active.userId === userId) return active;
    this.#allowedUsers ??= new Map(this.#account.allowedNumbers.map((number) => [this.get(number).userId, number]));
    const number = this.#allowedUsers.get(userId);
    return number === undefined ? undefined : this.get(number);
  }

  /** Records a message of the customer, which restarts the 24-hour window. */
  recordMessage(number: string, name: string | undefined): ActiveCustomer {
    const customer = this.get(number);
    const active: ActiveCustomer = {
      ...customer,
      ...(name === undefined ? {} : { name }),
      lastMessageAt: this.#clock.now(),
    };
    // Deleting first moves the customer to the end: the map is ordered by last message.
    this.#active.delete(active.waId);
    this.#active.set(active.waId, active);
    if (this.#active.size > MAX_ACTIVE) this.#active.delete(this.#active.keys().next().value as string);
    return active;
  }

  /** Whether the customer wrote in the last 24 hours. */
  hasOpenWindow(waId: string): boolean {
    return this.#clock.now() - (this.#active.get(waId)?.lastMessageAt ?? this.#initiallyOpenedAt) < DAY_MS;
  }
}
