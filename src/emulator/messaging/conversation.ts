/** Messages in both directions: outbound messages with their statuses, and inbound messages from customers. */
import { inboundKinds } from "../../messages/inbound/index.ts";
import { describeProblem } from "../../messages/kind.ts";
import { encodeWire } from "../../webhook/wire.ts";
import type { PhoneNumbers } from "../account/phone-numbers.ts";
import type { Participant } from "../business/group.ts";
import type { Clock } from "../clock.ts";
import type { Ids } from "../ids.ts";
import type { Log } from "../log.ts";
import type { Account, Sender, StatusDelays } from "../options.ts";
import type { DeliveryChain } from "../webhooks/chain.ts";
import type { Deliveries } from "../webhooks/deliveries.ts";
import type { Customer, Customers } from "./customers.ts";
import type { History } from "./history.ts";
import { inboundContent, messageError } from "./inbound.ts";
import type { MediaStore } from "./media-store.ts";
import { businessOf, messagePayload, statusPayload, type DeliveryError, type Status } from "./payloads.ts";
import { digitsIn } from "./recipient.ts";

/** An accepted message from the business. */
export interface OutboundMessage {
  /** The account with the sending phone number as its number. */
  sender: Account;
  to: Customer;
  type: string;
  /** Whether it is a voice message, whose recipient can play it. */
  voice?: boolean;
  pricing: { category: string; free: boolean };
  callbackData?: string;
  /** Of a group, which `to` is then. */
  participants?: readonly Participant[];
  /** Why delivery fails after the message was accepted. */
  error?: DeliveryError;
}

interface ConversationContext {
  account: Account;
  clock: Clock;
  customers: Customers;
  deliveries: Deliveries;
  history: History;
  ids: Ids;
  log: Log;
  mediaStore: MediaStore;
  phoneNumbers: PhoneNumbers;
  statuses: StatusDelays;
  /** The base of media URLs. */
  url: string;
}

const MAX_RECEIVED = 10_000;
/** WhatsApp profile names have at most 25 characters; the limit here only bounds memory. */
const MAX_NAME = 100;
/** The approximate size of a queued status in memory. */
const STATUS_BYTES = 1000;
const KINDS = new Map(inboundKinds.map((kind) => [kind.name, kind]));

export class Conversation {
  readonly #context: ConversationContext;
  readonly #received = new Set<string>();

  constructor(context: ConversationContext) {
    this.#context = context;
  }

  /** Whether a customer sent a message with this id. */
  hasReceived(id: string): boolean {
    return this.#received.has(id);
  }

  /** Assigns an id to an accepted message and schedules its statuses. Returns the id. */
  send(message: OutboundMessage): string {
    const { clock, deliveries, history, ids } = this.#context;
    clock.tick();
    const id = ids.message(message.to.waId ?? message.to.userId);
    history.add(id);
    const { phoneNumberId } = message.sender;
    const steps = this.#statusSteps(id, message);
    deliveries.add({ id, group: "status", field: "messages", phoneNumberId, steps });
    return id;
  }

  #statusSteps(id: string, message: OutboundMessage): DeliveryChain["steps"] {
    const { clock, statuses } = this.#context;
    const { sender: account } = message;
    const [accepted, elapsed] = [clock.now(), clock.elapsed()];
    const { to, callbackData, pricing, error, participants } = message;
    const business = businessOf(account);
    const base = {
      id,
      to,
      ...(callbackData === undefined ? {} : { callbackData }),
      ...(participants === undefined ? {} : { participants }),
    };
    const step = (status: Status["status"], ms: number, more: Partial<Status>) => ({
      kind: status,
      due: elapsed + ms,
      size: STATUS_BYTES,
      body: (version: string) => {
        const given = { ...base, status, at: Math.floor((accepted + ms) / 1000), ...more };
        return encodeWire(statusPayload(business, given, version));
      },
    });
    if (error !== undefined) return [step("failed", statuses.sent || 0, { error })];
    // Meta sends only the `sent` status for a reaction.
    const names = (["sent", "delivered", "read", "played"] as const).filter((name) =>
      name === "played" ? message.voice === true : name === "sent" || message.type !== "reaction",
    );
    const scheduled = names.flatMap((name) => (statuses[name] === false ? [] : [{ name, ms: statuses[name] }]));
    // Meta includes `pricing` in `sent` and in the first of `delivered` and `read`.
    const priced = new Set(["sent", scheduled.find(({ name }) => name === "delivered" || name === "read")?.name]);
    return scheduled.map(({ name, ms }) => step(name, ms, priced.has(name) ? { pricing } : {}));
  }

  /** Sends a message from a customer to the business. Throws a `UsageError` for a message that WhatsApp does not support. */
  receive(message: string | object, from: Sender = {}): { id: string; userId: string } {
    const { clock, customers, deliveries, ids, log } = this.#context;
    const account = this.#receiver(from.to);
    const sender = senderOf(from);
    const { type, content } = inboundContent(message, { ...this.#context, account });
    const summary = summaryOf(type, { ...content, type });
    clock.tick();
    const customer = customers.recordMessage(sender);
    const { waId, userId, username } = customer;
    const name = customer.name ?? username ?? waId ?? userId;
    const id = ids.message(waId ?? userId);
    this.remember(id);
    const [at, sentBy] = [clock.now(), waId ?? userId];
    log.emit({ type: "received", at, id, from: sentBy, name, kind: type, summary });
    const inbound = { id, at: clock.seconds(), from: { ...customer, name }, type, content };
    // Encoded now rather than at delivery, so that the caller gets the error when the message is not valid JSON.
    const body = encodeWire(messagePayload(businessOf(account), inbound));
    log.addReceived({ at, id, from: sentBy, name, message: { ...content, type } }, body.length);
    const step = { kind: type, due: clock.elapsed(), size: body.length, body: () => body };
    deliveries.add({
      id,
      group: "message",
      field: "messages",
      phoneNumberId: account.phoneNumberId,
      steps: [step],
    });
    return { id, userId };
  }

  /** The account with the phone number that gets the message: the one with this id, or the account's own. */
  #receiver(id: string | undefined): Account {
    const { account, phoneNumbers } = this.#context;
    const number = phoneNumbers.get(id ?? account.phoneNumberId);
    if (number === undefined) throw messageError(`the account has no phone number with the id ${id}`);
    if (!number.registered) throw messageError(`the phone number ${number.id} is not registered`);
    return phoneNumbers.accountOf(number);
  }

  /** Counts a message as sent by a customer. */
  remember(id: string): void {
    this.#received.add(id);
    if (this.#received.size > MAX_RECEIVED) this.#received.delete(this.#received.values().next().value as string);
  }
}

/** The sender with its number as digits. Throws a `UsageError` for what cannot be a number, a name or a username. */
function senderOf({ number: given, ...from }: Sender): Sender {
  const number = given === undefined ? undefined : digitsIn(given);
  if (given !== undefined && number === undefined) throw messageError(`${given} is not a phone number`);
  if ((from.name?.length ?? 0) > MAX_NAME) throw messageError(`a name has at most ${MAX_NAME} characters`);
  if (from.username !== undefined && !/^[\w.]{1,35}$/.test(from.username)) {
    throw messageError("a username has 1 to 35 letters, digits, dots and underscores");
  }
  return number === undefined ? from : { ...from, number };
}

function summaryOf(type: string, message: object): string {
  const reading = KINDS.get(type)?.read(message);
  if (reading === undefined) return "a message type unknown to wa-hook";
  if ("summary" in reading) return reading.summary;
  throw messageError(`a customer cannot send this ${type}: ${reading.problems.map(describeProblem).join("; ")}`);
}
