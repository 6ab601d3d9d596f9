/** Test deliveries: constant test customers, and message ids that decode to a test text, so that they can be found in an app's data. */
import { randomBytes } from "node:crypto";

import {
  contactOf,
  envelope,
  messageItem,
  numberValue,
  statusValue,
  type Payload,
  type Person,
} from "../webhook/envelope.ts";
import { BUSINESS, CUSTOMER, NAME, USER_ID } from "../webhook/shapes/examples.ts";
import { userIdOf } from "../webhook/user-id.ts";

/** The name of every test customer. */
const TEST_NAME = "wa-hook check";
const CUSTOMERS = 32;

/** The numbers of the test customers, in the range 555-0100 to 555-0199 that is never assigned. */
export const testCustomers: readonly string[] = Array.from({ length: CUSTOMERS }, (_, index) =>
  String(16_505_550_100 + index),
);

/** The account id of the bundled fixtures. */
const BUSINESS_ACCOUNT = "102290129340398";
const FIXTURE_TIMES = /\b17854992\d\d\b/g;

/** One message from a customer. */
export interface TestMessage {
  id: string;
  customer: Person;
  item: object;
}

/** Builds deliveries with new ids for one run. */
export class TestData {
  readonly #run = randomBytes(4).toString("hex");
  readonly #account: string;
  readonly #metadata: typeof BUSINESS;
  readonly #now: () => number;
  #ids = 0;
  #customers = 0;

  constructor(ids: { phoneNumberId?: string | undefined; businessAccountId?: string | undefined }, now: () => number) {
    this.#account = ids.businessAccountId ?? BUSINESS_ACCOUNT;
    this.#metadata = { ...BUSINESS, phone_number_id: ids.phoneNumberId ?? BUSINESS.phone_number_id };
    this.#now = now;
  }

  /** `wamid.` and base64 of `wa-hook check 1f6a3c0e 12`, which contains no slash. */
  id(): string {
    return `wamid.${Buffer.from(`wa-hook check ${this.#run} ${++this.#ids}`).toString("base64")}`;
  }

  /** The customer of all deliveries whose effects are not observed. */
  get customer(): Person {
    return this.#person(0);
  }

  /** A customer of its own for one probe. */
  ownCustomer(): Person {
    return this.#person(1 + (this.#customers++ % (CUSTOMERS - 1)));
  }

  text(body: string, customer: Person = this.customer): TestMessage {
    return this.message("text", { text: { body } }, customer);
  }

  message(type: string, content: object, customer: Person = this.customer): TestMessage {
    const id = this.id();
    return { id, customer, item: messageItem({ from: customer, id, timestamp: this.#seconds, content, type }) };
  }

  /** One entry with one change for each group of messages. */
  delivery(...changes: readonly (readonly TestMessage[])[]): Payload {
    return this.batch(changes);
  }

  /** One entry per list of changes, each of which is a list of messages. */
  batch(...entries: readonly (readonly (readonly TestMessage[])[])[]): Payload {
    const entry = entries.map((changes) => ({
      id: this.#account,
      changes: changes.map((messages) => ({ value: this.#value(messages), field: "messages" })),
    }));
    return { object: "whatsapp_business_account", entry };
  }

  /** Statuses of one outbound message in the given order. */
  statuses(statuses: readonly string[], id = this.id(), content: object = {}): Payload {
    const items = statuses.map((status) => ({ status, id, timestamp: this.#seconds, to: this.customer, content }));
    return envelope(this.#account, { field: "messages", value: statusValue(this.#metadata, items) });
  }

  /** A change of another field of the account. */
  change(field: string, value: object): Payload {
    return envelope(this.#account, { field, value }, Math.floor(this.#now() / 1000));
  }

  /** A bundled delivery with test ids, a test customer and times of now. */
  fixture(payload: Payload): Payload {
    const ids = new Map<string, string>();
    const newId = (old: string) => {
      const id = ids.get(old) ?? this.id();
      ids.set(old, id);
      return id;
    };
    const { number = "", userId = "" } = this.customer;
    const text = JSON.stringify(payload)
      .replaceAll(/wamid\.[\w+/=]+/g, newId)
      .replaceAll(CUSTOMER, number)
      .replaceAll(USER_ID, userId)
      .replaceAll(`"name":"${NAME}"`, `"name":"${TEST_NAME}"`)
      .replaceAll(BUSINESS.phone_number_id, this.#metadata.phone_number_id)
      .replaceAll(`"id":"${BUSINESS_ACCOUNT}"`, `"id":"${this.#account}"`)
      .replaceAll(FIXTURE_TIMES, this.#seconds);
    return JSON.parse(text) as Payload;
  }

  get #seconds(): string {
    return String(Math.floor(this.#now() / 1000));
  }

  #person(index: number): Person {
    const number = testCustomers[index] ?? "";
    return { number, userId: userIdOf(number, this.#account), name: TEST_NAME };
  }

  #value(messages: readonly TestMessage[]): object {
    const contacts = messages.map(({ customer }) => contactOf(customer));
    return numberValue(this.#metadata, { contacts, messages: messages.map(({ item }) => item) });
  }
}
