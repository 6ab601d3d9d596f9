/** The customers of the business: their names, numbers, user ids and 24-hour windows. */
import { userIdOf, usernameOf } from "../../webhook/user-id.ts";
import type { Clock } from "../clock.ts";
import type { Account, Sender } from "../options.ts";
import { digitsIn, waIdOf } from "./recipient.ts";

/** A customer as the business sees them; without `waId`, the number is hidden behind the username. */
export interface Customer {
  /** The WhatsApp id of the number. */
  waId?: string;
  userId: string;
  /** The profile name, when known. */
  name?: string;
  username?: string;
}

interface ActiveCustomer extends Customer {
  hidden: boolean;
  lastMessageAt: number;
}

const DAY_MS = 24 * 3_600_000;
const MAX_ACTIVE = 10_000;

export class Customers {
  readonly #account: Account;
  readonly #clock: Clock;
  /** The window of every allowed customer opens at this time, even without a message. */
  #initiallyOpenedAt: number;
  readonly #allowed: Set<string>;
  /** By user id. */
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

  /** The customer with a number that the business knows. */
  get(number: string): Customer & { waId: string } {
    const waId = waIdOf(number);
    const userId = userIdOf(waId, this.#account.businessAccountId);
    const known = this.#active.get(userId) ?? this.#configured(waId);
    const { name, username } = known ?? {};
    return { waId, userId, ...(name === undefined ? {} : { name }), ...(username === undefined ? {} : { username }) };
  }

  /** The account's own customer, as the business sees them now. */
  own(): Customer {
    return seen(this.#completed({}, this.get(this.#account.customer.number)));
  }

  /** Finds a customer by business-scoped user id, among active and allowed customers. */
  findByUserId(userId: string): Customer | undefined {
    const active = this.#active.get(userId);
    if (active !== undefined) return seen(active);
    this.#allowedUsers ??= new Map(this.#account.allowedNumbers.map((number) => [this.get(number).userId, number]));
    const number = this.#allowedUsers.get(userId);
    if (number === undefined) return undefined;
    return seen(this.#completed({ number }, this.get(number)));
  }

  /** Records a message of the customer, which restarts the 24-hour window. */
  recordMessage(sender: Sender): Customer {
    const active = this.#identify(sender);
    // Deleting first moves the customer to the end: the map is ordered by last message.
    this.#active.delete(active.userId);
    this.#active.set(active.userId, active);
    if (this.#active.size > MAX_ACTIVE) this.#active.delete(this.#active.keys().next().value as string);
    return seen(active);
  }

  /** The customer that a sender is, as the business would see them. */
  of(sender: Sender): Customer {
    return seen(this.#identify(sender));
  }

  /** Whether the customer wrote in the last 24 hours. */
  hasOpenWindow(userId: string): boolean {
    return this.#clock.now() - (this.#active.get(userId)?.lastMessageAt ?? this.#initiallyOpenedAt) < DAY_MS;
  }

  /** When the window of a number or a user id closes, in milliseconds since 1970; undefined when it was never opened. */
  windowEnds(customer: string): number | undefined {
    const number = digitsIn(customer);
    const userId = number === undefined ? customer : this.get(number).userId;
    const opened = this.#active.get(userId)?.lastMessageAt ?? this.#initiallyOpenedAt;
    return opened === -Infinity ? undefined : opened + DAY_MS;
  }

  /** Opens or closes the windows of all customers, as of now. */
  setWindows(window: "open" | "closed"): void {
    this.#initiallyOpenedAt = window === "open" ? this.#clock.now() : -Infinity;
    for (const [userId, customer] of this.#active) {
      this.#active.set(userId, { ...customer, lastMessageAt: this.#initiallyOpenedAt });
    }
  }

  #identify(sender: Sender): ActiveCustomer {
    const { businessAccountId, customer } = this.#account;
    if (!this.#isKnownByName(sender)) {
      return this.#completed(sender, this.get(digitsIn(sender.number ?? "") ?? customer.number));
    }
    const userId = userIdOf(`1 ${sender.username}`, businessAccountId);
    return this.#completed({ ...sender, hideNumber: true }, { userId });
  }

  /** Whether the sender is somebody whose number was never known. */
  #isKnownByName({ number, username, hideNumber }: Sender): boolean {
    if (number !== undefined || username === undefined) return false;
    const { customer } = this.#account;
    const own = this.#active.get(this.get(customer.number).userId) ?? customer;
    return (hideNumber ?? customer.hideNumber === true) && username !== own.username;
  }

  #completed(sender: Sender, known: Customer): ActiveCustomer {
    const before = this.#active.get(known.userId);
    const configured = known.waId === undefined ? undefined : this.#configured(known.waId);
    const name = sender.name ?? before?.name ?? known.name;
    const hidden = sender.hideNumber ?? before?.hidden ?? configured?.hideNumber ?? false;
    const username = sender.username ?? before?.username ?? known.username;
    return {
      ...known,
      ...(name === undefined ? {} : { name }),
      // WhatsApp hides a number only behind a username.
      ...(username === undefined && !hidden ? {} : { username: username ?? usernameOf(name, known.userId) }),
      hidden,
      lastMessageAt: this.#clock.now(),
    };
  }

  /** The customer of the account's settings, if it is the one with this WhatsApp id. */
  #configured(waId: string): Account["customer"] | undefined {
    const { customer } = this.#account;
    return waIdOf(customer.number) === waId ? customer : undefined;
  }
}

/** The customer without what is hidden. */
function seen({ hidden, waId, userId, name, username }: ActiveCustomer): Customer {
  return {
    ...(hidden || waId === undefined ? {} : { waId }),
    userId,
    ...(name === undefined ? {} : { name }),
    ...(username === undefined ? {} : { username }),
  };
}
