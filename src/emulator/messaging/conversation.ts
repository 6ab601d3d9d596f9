/** What is said: messages of the business, with what becomes of each, and messages of customers. */
import { inboundKinds } from "../../messages/inbound/index.ts";
import { describeProblem } from "../../messages/kind.ts";
import { encodeWire } from "../../webhook/wire.ts";
import type { Clock } from "../clock.ts";
import type { Ids } from "../ids.ts";
import type { Log } from "../log.ts";
import type { Account, StatusDelays } from "../options.ts";
import type { Chain, Deliveries } from "../webhooks/deliveries.ts";
import type { Customers } from "./customers.ts";
import type { History } from "./history.ts";
import { inboundContent, unusable } from "./inbound.ts";
import type { Shelf } from "./media-store.ts";
import { messagePayload, statusPayload, type Fault, type Recipient, type Status } from "./payloads.ts";
import { digitsIn } from "./recipient.ts";

/** A message of the business that was accepted. */
export interface Sending {
  to: Recipient;
  type: string;
  pricing: { category: string; free: boolean };
  tracker?: string;
  /** Why it will not arrive after all. */
  fault?: Fault;
}

interface Around {
  account: Account;
  clock: Clock;
  customers: Customers;
  deliveries: Deliveries;
  history: History;
  ids: Ids;
  log: Log;
  shelf: Shelf;
  statuses: StatusDelays;
  /** Where media can be fetched. */
  url: string;
}

const MAX_RECEIVED = 10_000;
/** A name in a profile has 25 characters at most. */
const MAX_NAME = 100;
/** What a status takes while it waits, roughly. */
const STATUS_BYTES = 1000;
const KINDS = new Map(inboundKinds.map((kind) => [kind.name, kind]));

export class Conversation {
  readonly #around: Around;
  readonly #received = new Set<string>();

  constructor(around: Around) {
    this.#around = around;
  }

  /** Whether a customer's message has this id. */
  hasReceived(id: string): boolean {
    return this.#received.has(id);
  }

  /** Gives an accepted message its id, and has its statuses follow. */
  send(sending: Sending): string {
    const { clock, deliveries, history, ids } = this.#around;
    clock.tick();
    const id = ids.message(sending.to.waId ?? sending.to.userId);
    history.add(id);
    deliveries.add({ id, group: "status", steps: this.#steps(id, sending) });
    return id;
  }

  #steps(id: string, sending: Sending): Chain["steps"] {
    const { account, clock, statuses } = this.#around;
    const [accepted, elapsed] = [clock.now(), clock.elapsed()];
    const { to, tracker, pricing } = sending;
    const about = { id, to, ...(tracker === undefined ? {} : { tracker }) };
    const step = (status: Status["status"], ms: number, more: Partial<Status>) => ({
      kind: status,
      due: elapsed + ms,
      size: STATUS_BYTES,
      body: () =>
        encodeWire(statusPayload(account, { ...about, status, at: Math.floor((accepted + ms) / 1000), ...more })),
    });
    if (sending.fault !== undefined) return [step("failed", statuses.sent || 0, { fault: sending.fault })];
    // Meta tells of a reaction only that it was sent.
    const words = sending.type === "reaction" ? (["sent"] as const) : (["sent", "delivered", "read"] as const);
    const coming = words.flatMap((word) => (statuses[word] === false ? [] : [{ word, ms: statuses[word] }]));
    // The price is in `sent` and in the first of the two that follow.
    const priced = new Set(["sent", coming.find(({ word }) => word !== "sent")?.word]);
    return coming.map(({ word, ms }) => step(word, ms, priced.has(word) ? { pricing } : {}));
  }

  /** The customer writes. Throws a `UsageError` when it is nothing that WhatsApp sends. */
  receive(message: string | object, from: { number?: string; name?: string } = {}): { id: string } {
    const { account, clock, customers, deliveries, ids, log } = this.#around;
    const number = digitsIn(from.number ?? account.customer.number);
    if (number === undefined) throw unusable(`${from.number ?? ""} is not a phone number`);
    if ((from.name?.length ?? 0) > MAX_NAME) throw unusable(`a name has ${MAX_NAME} characters at most`);
    const { type, content } = inboundContent(message, this.#around);
    const summary = summaryOf(type, { ...content, type });
    clock.tick();
    const { name: known, waId, userId } = customers.wrote(number, from.name);
    const name = known ?? waId;
    const id = ids.message(waId);
    this.#remember(id);
    log.tell({ type: "received", at: clock.now(), id, from: waId, name, kind: type, summary });
    const inbound = { id, at: clock.seconds(), from: { waId, userId, name }, type, content };
    // At once, so that whoever wrote learns it when it cannot be put into JSON.
    const body = encodeWire(messagePayload(account, inbound));
    const step = { kind: type, due: clock.elapsed(), size: body.length, body: () => body };
    deliveries.add({ id, group: "message", steps: [step] });
    return { id };
  }

  #remember(id: string): void {
    this.#received.add(id);
    if (this.#received.size > MAX_RECEIVED) this.#received.delete(this.#received.values().next().value as string);
  }
}

function summaryOf(type: string, message: object): string {
  const reading = KINDS.get(type)?.read(message);
  if (reading === undefined) return "a message type that wa-hook does not know";
  if ("summary" in reading) return reading.summary;
  throw unusable(`a customer cannot send this ${type}: ${reading.problems.map(describeProblem).join("; ")}`);
}
