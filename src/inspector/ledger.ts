/** What happened since the start, joined across listener and emulator, in bounded memory and by the clock of this machine. */
import { Bounded } from "../emulator/bounded.ts";
import type { EmulatedRequest, EmulatorEvent } from "../emulator/event.ts";
import type { ListenerEvent } from "../listener/event.ts";
import { stateAfter } from "../messages/statuses/ladder.ts";
import type { WebhookEvent } from "../webhook/event.ts";
import { partiesOf } from "../webhook/parties.ts";
import { Attempts } from "./attempts.ts";
import { PerSecond } from "./per-second.ts";
import { recipientOf, referencesOf } from "./request-parts.ts";
import { Series } from "./series.ts";

/** A request of the app to the Graph API. */
export interface LedgerRequest {
  index: number;
  /** By the clock of this machine; that of the emulator can be advanced. */
  at: number;
  request: EmulatedRequest;
  /** The customer that a message is to. */
  customer?: string;
  /** The id of the customer's message that led to it, as far as that is known. */
  cause?: string;
}

/** A message of a customer. */
interface Inbound {
  at: number;
  customer?: string;
  delivery?: string;
}

export interface LedgerStatus {
  at: number;
  status: string;
}

export interface Attempted {
  at: number;
  to: string;
  attempt: number;
  status?: number;
  ms: number;
  /** The beginning of the response, if the status is not 200. */
  response?: string;
  /** When the next attempt is due. */
  nextAt?: number;
  gaveUp?: true;
  /** By hand, besides the attempts of the queue. */
  replayed?: true;
}

/** Beyond so many deliveries a second, they are only counted: nobody follows each of them, and remembering them takes most of the time. */
const MAX_DETAILED = 500;
const MAX_REQUESTS = 1000;
const MAX_REQUEST_BYTES = 8 * 1024 * 1024;
const MAX_KNOWN = 10_000;
/** Of one delivery or message; Meta repeats for days. */
const MAX_EACH = 50;
/** A message to a customer answers what they wrote at most this long before. */
const ANSWER_MS = 10 * 60_000;

export class Ledger {
  readonly series = new Series();
  readonly attempts = new Attempts();
  readonly #acks = new Bounded<{ ms: number; status: number }>(MAX_KNOWN);
  readonly #forwards = new Bounded<Attempted[]>(MAX_KNOWN);
  readonly #statuses = new Bounded<LedgerStatus[]>(MAX_KNOWN);
  readonly #inbound = new Bounded<Inbound>(MAX_KNOWN);
  readonly #lastInbound = new Bounded<string>(MAX_KNOWN);
  readonly #unread = new Bounded<number>(MAX_KNOWN);
  readonly #detailed = new PerSecond(MAX_DETAILED);
  #requests: { entry: LedgerRequest; bytes: number }[] = [];
  #bytes = 0;
  #count = 0;

  /** Whether there is a listener, which knows more than the emulator about what it receives. */
  readonly #hasListener: boolean;

  constructor(hasListener: boolean) {
    this.#hasListener = hasListener;
  }

  /** Oldest first. */
  get requests(): readonly LedgerRequest[] {
    return this.#requests.map(({ entry }) => entry);
  }

  ackOf(delivery: string): { ms: number; status: number } | undefined {
    return this.#acks.get(delivery);
  }

  forwardsOf(delivery: string): readonly Attempted[] {
    return this.#forwards.get(delivery) ?? [];
  }

  /** Of a message of the business. */
  statusesOf(message: string): readonly LedgerStatus[] {
    return this.#statuses.get(message) ?? [];
  }

  inbound(message: string): Readonly<Inbound> | undefined {
    return this.#inbound.get(message);
  }

  /** The number of messages since the conversation was last read. */
  unread(customer: string): number {
    return this.#unread.get(customer) ?? 0;
  }

  read(customer: string): void {
    this.#unread.delete(customer);
  }

  addListener(event: ListenerEvent, now: number): void {
    if (event.type === "delivery") this.#delivered(event);
    if (event.type === "rejected") {
      const { status, delivery } = event;
      this.series.count(now, "rejected");
      this.attempts.add("Received", {
        at: now,
        status,
        attempt: 1,
        ...(delivery === undefined ? {} : { delivery }),
      });
    }
    if (event.type === "forwarded") this.#forwarded(event);
  }

  #delivered(event: Extract<ListenerEvent, { type: "delivery" }>): void {
    const { delivery, receivedAt: at, ackMs, verdict, events } = event;
    this.series.count(at, verdict === "duplicate" ? "duplicates" : "accepted");
    this.series.acknowledged(at, ackMs);
    if (!this.#detailed.allows()) return;
    this.#acks.set(delivery, { ms: ackMs, status: 200 });
    const attempt = this.attempts.times(events[0]?.key ?? delivery);
    this.attempts.add("Received", { at, status: 200, attempt, delivery });
    if (verdict === "accepted") for (const each of events) this.#see(each, at, delivery);
  }

  #see(event: WebhookEvent, at: number, delivery: string): void {
    const { group, kind, id } = event;
    if (group === "status" && id !== undefined) this.#status(id, kind, at);
    if (group !== "message" || id === undefined) return;
    const { customer } = partiesOf(event);
    this.#receive(id, { at, delivery, ...(customer === undefined ? {} : { customer }) });
    if (event.media !== undefined) this.#inbound.set(event.media.id, this.#inbound.get(id) ?? { at, delivery });
  }

  #receive(id: string, inbound: Inbound): void {
    const known = this.#inbound.get(id);
    this.#inbound.set(id, inbound);
    const { customer, delivery } = inbound;
    if (customer === undefined) return;
    if (known === undefined) this.#lastInbound.set(customer, id);
    // What is counted is shown: with a listener, what it has recorded.
    const isShown = this.#hasListener ? delivery !== undefined && known?.delivery === undefined : known === undefined;
    if (isShown) this.#unread.set(customer, (this.#unread.get(customer) ?? 0) + 1);
  }

  #status(message: string, status: string, at: number): void {
    if (stateAfter(undefined, status) === undefined) return;
    const statuses = this.#statuses.get(message) ?? [];
    if (statuses.length >= MAX_EACH || statuses.some((each) => each.status === status)) return;
    this.#statuses.set(message, [...statuses, { at, status }]);
  }

  #forwarded(event: Extract<ListenerEvent, { type: "forwarded" }>): void {
    const { delivery, at, to, attempt, status, ms, response, retryInMs, gaveUp, replayedAt } = event;
    const forwards = this.#forwards.get(delivery) ?? [];
    const attempted: Attempted = {
      at,
      to,
      attempt,
      ms,
      ...(status === undefined ? {} : { status }),
      ...(response === undefined ? {} : { response }),
      ...(retryInMs === undefined ? {} : { nextAt: at + retryInMs }),
      ...(gaveUp === true ? { gaveUp } : {}),
      ...(replayedAt === undefined ? {} : { replayed: true }),
    };
    this.#forwards.set(delivery, [...forwards, attempted].slice(-MAX_EACH));
    this.#attempted(`To ${to}`, { ...attempted, delivery });
  }

  #attempted(lane: string, { at, attempt, status, ms, delivery }: Omit<Attempted, "to"> & { delivery?: string }): void {
    if (status !== 200) this.series.count(at, "failed");
    if (status !== undefined) this.series.responded(at, ms);
    const found = { ...(status === undefined ? {} : { status }), ...(delivery === undefined ? {} : { delivery }) };
    this.attempts.add(lane, { at, attempt, ...found });
  }

  addEmulator(event: EmulatorEvent, now: number): void {
    if (event.type === "request") this.#request(event, now);
    // The app can answer before the listener says that it has acknowledged the message.
    if (event.type === "received") this.#receive(event.id, { at: now, customer: event.from });
    if (this.#hasListener) return;
    if (event.type !== "webhook") return;
    const { url, attempt, status, ms, group, id, kind } = event;
    if (status === 200) this.series.count(now, attempt === 1 ? "accepted" : "duplicates");
    this.#attempted(`To ${url}`, { at: now, attempt, ms, ...(status === undefined ? {} : { status }) });
    if (group === "status") this.#status(id, kind, now);
  }

  #request(event: Extract<EmulatorEvent, { type: "request" }>, at: number): void {
    const { type: _, ...request } = event;
    const customer = recipientOf(request.body);
    const cause = this.#causeOf(request, customer, at);
    const entry = {
      index: ++this.#count,
      at,
      request,
      ...(customer === undefined ? {} : { customer }),
      ...(cause === undefined ? {} : { cause }),
    };
    const bytes = JSON.stringify(request).length;
    this.#requests.push({ entry, bytes });
    this.#bytes += bytes;
    while (this.#requests.length > MAX_REQUESTS || (this.#bytes > MAX_REQUEST_BYTES && this.#requests.length > 1)) {
      this.#bytes -= this.#requests.shift()?.bytes ?? 0;
    }
  }

  /** The message that it names or, of a message to a customer, their last one. */
  #causeOf(request: EmulatedRequest, customer: string | undefined, at: number): string | undefined {
    const named = referencesOf(request).find((id) => this.#inbound.has(id));
    if (named !== undefined || customer === undefined) return named;
    const last = this.#lastInbound.get(customer);
    const since = this.#inbound.get(last ?? "")?.at;
    return since !== undefined && at - since <= ANSWER_MS ? last : undefined;
  }
}
