/** The people, and the conversation with one of them, page by page. */
import type { WebhookEvent } from "../webhook/event.ts";
import { partiesOf } from "../webhook/parties.ts";
import type { ConversationPage, Person } from "./api.ts";
import type { FindTemplate, MediaUrls } from "./bubbles/content.ts";
import { ConversationBubbles } from "./bubbles/conversation.ts";
import type { History } from "./history.ts";
import type { Ledger, LedgerRequest } from "./ledger.ts";
import { messageKind } from "./request-parts.ts";
import type { Sources } from "./sources.ts";

interface Parts {
  sources: Sources;
  history: History | undefined;
  ledger: Ledger;
  media: MediaUrls;
}

const MAX_PEOPLE = 200;
/** Deliveries in which a text is searched for people. */
const MAX_SEARCHED = 500;
/** A message of the business has three statuses, each a delivery of its own. */
const DELIVERIES_EACH = 4;
const MAX_DELIVERIES = 500;
const DAY_MS = 24 * 60 * 60_000;
/** Deliveries in which the last message of a person is looked for, after those of its statuses. */
const NEAR = 2 * DELIVERIES_EACH;
/** The same for a person whose last message is not known yet. */
const FAR = 50;
/** Of a line in the list. */
const MAX_TEXT = 200;

/** What the list shows of a person, as of a delivery. */
interface Last {
  delivery: string;
  name?: string;
  last: Person["last"];
}

export class Conversations {
  readonly #parts: Parts;
  /** Of those in the list, so that only what has changed is read again. */
  readonly #last = new Map<string, Last>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Newest first. */
  async people(search = ""): Promise<Person[]> {
    const people = new Map<string, Person>();
    for (const { customer, last } of await this.#customers(search)) {
      const found = await this.#lastOf(customer, last, search === "");
      if (found !== undefined) people.set(customer, this.#person(customer, found.name, found.last));
    }
    const { received = [] } = this.#parts.history === undefined ? (this.#parts.sources.emulator ?? {}) : {};
    for (const { id, from, name, message, at } of received) {
      const text = `${message.type} ${typeof message["text"] === "object" ? textOf(message["text"]) : ""}`.trim();
      const last = { at: this.#parts.ledger.inbound(id)?.at ?? at, text: text.replace(/^text /, ""), outgoing: false };
      people.set(from, this.#person(from, name, last));
    }
    for (const { customer, at, request } of this.#parts.ledger.requests) {
      const kind = messageKind(request);
      if (customer === undefined || kind === undefined) continue;
      const known = people.get(customer);
      const last = { at, text: (request.summary ?? kind).slice(0, MAX_TEXT), outgoing: true };
      if (known === undefined && this.#parts.history !== undefined && search !== "") continue;
      if (known === undefined || known.last.at <= at) people.set(customer, this.#person(customer, known?.name, last));
    }
    return [...people.values()]
      .filter((person) => isFound(person, search, this.#parts.history === undefined))
      .toSorted((one, other) => other.last.at - one.last.at)
      .slice(0, MAX_PEOPLE);
  }

  /** With the id of a delivery of theirs; with a search, that of one with the text. */
  async #customers(search: string): Promise<{ customer: string; last: string }[]> {
    const { history } = this.#parts;
    if (history === undefined) return [];
    if (search === "") return history.customers(MAX_PEOPLE);
    const found = new Map<string, string>();
    const digits = search.replaceAll(/[\s()+.-]/g, "");
    const byText = await history.find({ search }, MAX_SEARCHED);
    const byNumber = /^\d{5,15}$/.test(digits) ? await history.find({ customer: digits }, 1) : [];
    for (const { id, events } of [...byNumber, ...byText]) {
      for (const event of events) {
        const { customer } = partiesOf(event);
        if (customer !== undefined && found.size < MAX_PEOPLE && !found.has(customer)) found.set(customer, id);
      }
    }
    return [...found].map(([customer, last]) => ({ customer, last }));
  }

  /** The last message of a customer; with `anyDelivery`, the newest delivery can be a status of an earlier one. */
  async #lastOf(customer: string, delivery: string, anyDelivery: boolean): Promise<Last | undefined> {
    const { history } = this.#parts;
    const known = this.#last.get(customer);
    if (anyDelivery && known?.delivery === delivery) return known;
    const newest = await history?.get(delivery);
    const near = anyDelivery ? ((await history?.find({ customer }, known === undefined ? FAR : NEAR)) ?? []) : [];
    const own = [...(newest === undefined ? [] : [newest]), ...near].flatMap(({ receivedAt, events }) =>
      events
        .filter((event) => partiesOf(event).customer === customer)
        .toReversed()
        .map((event) => ({ event, receivedAt })),
    );
    // Of a real account, what the app sent is known by its statuses only.
    const isStatusOfKnown = this.#parts.sources.emulator !== undefined;
    const message = own.find(({ event }) => event.group === "message" || !isStatusOfKnown);
    const shown = message ?? (known === undefined ? own[0] : undefined);
    const name = own.find(({ event }) => event.name !== undefined)?.event.name ?? known?.name;
    const last = shown === undefined ? known?.last : lineOf(shown.event, shown.receivedAt);
    if (last === undefined) return undefined;
    const found = { delivery, last, ...(name === undefined ? {} : { name }) };
    if (anyDelivery) this.#remember(customer, found);
    return found;
  }

  #remember(customer: string, found: Last): void {
    this.#last.delete(customer);
    this.#last.set(customer, found);
    if (this.#last.size > 2 * MAX_PEOPLE) this.#last.delete(this.#last.keys().next().value as string);
  }

  #person(customer: string, name: string | undefined, last: Person["last"]): Person {
    const windowEnds = this.#windowEnds(customer, last);
    return {
      customer,
      ...(name === undefined ? {} : { name }),
      last,
      unread: this.#parts.ledger.unread(customer),
      ...(windowEnds === undefined ? {} : { windowEnds }),
    };
  }

  /** By the emulator's clock, or 24 hours after the last message as far as it is known. */
  #windowEnds(customer: string, last?: Person["last"]): number | undefined {
    const { emulator } = this.#parts.sources;
    if (emulator !== undefined) return emulator.windowEnds(customer);
    return last === undefined || last.outgoing ? undefined : last.at + DAY_MS;
  }

  /** `before` is the `next` of the page after it. */
  async page(customer: string, limit: number, before?: string): Promise<ConversationPage> {
    const { sources, ledger, media } = this.#parts;
    const { emulator } = sources;
    if (before === undefined) ledger.read(customer);
    const end = cursorOf(before);
    const template: FindTemplate = (name, language) => emulator?.template(name, language)?.components;
    const bubbles = new ConversationBubbles({ customer, ledger, media, template, emulated: emulator !== undefined });
    const requests = ledger.requests.filter((each) => each.customer === customer && each.at < end.at);
    const next = await this.#fill(bubbles, { customer, limit, end, requests });
    const known = new Set(ledger.requests.flatMap(({ request }) => request.messageId ?? []));
    const shown = bubbles.bubbles(known);
    const lastIn = shown.findLast(({ outgoing }) => !outgoing);
    const windowEnds = this.#windowEnds(customer, lastIn && { at: lastIn.at, text: "", outgoing: false });
    return {
      customer,
      ...(bubbles.name === undefined ? {} : { name: bubbles.name }),
      ...(windowEnds === undefined ? {} : { windowEnds }),
      bubbles: shown,
      ...(next === undefined ? {} : { next }),
    };
  }

  async #fill(
    bubbles: ConversationBubbles,
    { customer, limit, end, requests }: { customer: string; limit: number; end: Cursor; requests: LedgerRequest[] },
  ): Promise<string | undefined> {
    const { sources, history, ledger } = this.#parts;
    if (history === undefined) {
      const received = (sources.emulator?.received ?? [])
        .filter(({ from }) => from === customer)
        .map((message) => ({ message, at: ledger.inbound(message.id)?.at ?? message.at }))
        .filter(({ at }) => at < end.at);
      const all = [...received, ...requests].toSorted((one, other) => one.at - other.at);
      const start = all.at(-limit)?.at ?? 0;
      for (const { message, at } of received) if (at >= start) bubbles.addReceived(message, at);
      for (const request of requests) if (request.at >= start) bubbles.addRequest(request);
      return all.length > limit ? `${start}-0` : undefined;
    }
    const query = { customer, ...(end.id === undefined ? {} : { before: end.id }) };
    const { deliveries, next } = await history.page(query, Math.min(MAX_DELIVERIES, limit * DELIVERIES_EACH));
    const oldest = deliveries.at(-1);
    const start = next === undefined ? 0 : (oldest?.receivedAt ?? 0);
    for (const request of requests) if (request.at >= start) bubbles.addRequest(request);
    for (const delivery of deliveries.toReversed()) bubbles.addDelivery(delivery);
    return next === undefined ? undefined : `${start}-${next}`;
  }
}

interface Cursor {
  at: number;
  /** Of a delivery. */
  id?: string;
}

function cursorOf(before: string | undefined): Cursor {
  const [, at, id] = /^(\d{1,16})-(\d{1,19})$/.exec(before ?? "") ?? [];
  if (at === undefined) return { at: Infinity };
  return { at: Number(at), ...(id === undefined ? {} : { id }) };
}

/** People whose deliveries were found by their text are found already. */
function isFound({ customer, name = "", last }: Person, search: string, byText: boolean): boolean {
  const wanted = search.toLowerCase();
  return !byText || [customer, name, last.text].some((text) => text.toLowerCase().includes(wanted));
}

function textOf(text: unknown): string {
  const { body } = (text ?? {}) as { body?: unknown };
  return typeof body === "string" ? body.slice(0, MAX_TEXT) : "";
}

function lineOf(event: WebhookEvent, at: number): Person["last"] {
  const text = `${event.kind === "text" ? "" : event.kind} ${event.summary}`.trim().slice(0, MAX_TEXT);
  return { at, text, outgoing: partiesOf(event).outgoing };
}
