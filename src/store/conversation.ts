/** A customer's conversation, put together from recorded deliveries: both directions, in the order of time. */
import { asJsonObject, stringAt, type JsonObject } from "../json.ts";
import { stateAfter, type MessageState } from "../messages/statuses/ladder.ts";
import type { WebhookEvent } from "../webhook/event.ts";
import { partiesOf } from "../webhook/parties.ts";
import type { Delivery } from "./store.ts";

/** One message, or something else that the customer or the business did. */
export interface Turn {
  /** The id of the delivery in which it was first seen. */
  delivery: string;
  /** The message id. */
  id?: string;
  /** Milliseconds since 1970. */
  at: number;
  /** The business sent it. */
  outgoing: boolean;
  /** Meta's name for it; `message` when only its statuses are known. */
  kind: string;
  /** The lines of a text, or one line about anything else; empty when only its statuses are known. */
  lines: string[];
  /** How far a message of the business got. */
  state?: MessageState;
  /** Why it failed. */
  reason?: string;
}

/** Longer than any text of Meta. */
const MAX_LINES = 200;

export class Conversation {
  readonly #customer: string;
  readonly #turns = new Map<string, Turn>();
  /** The customer's profile name, as far as deliveries contain it. */
  name: string | undefined;

  /** `customer` is a phone number (digits only) or a business-scoped user ID. */
  constructor(customer: string) {
    this.#customer = customer;
  }

  /** Call it with each delivery, in any order. */
  add(delivery: Delivery): void {
    if (delivery.verdict !== "accepted") return;
    let payload: unknown;
    for (const event of delivery.events) {
      const { customer, outgoing } = partiesOf(event);
      if (customer !== this.#customer) continue;
      this.name = event.name ?? this.name;
      if (event.group === "status" && stateAfter(undefined, event.kind) !== undefined) {
        this.#addStatus(delivery, event);
        continue;
      }
      payload ??= JSON.parse(Buffer.from(delivery.body).toString("utf8"));
      this.#merge(event.id ?? event.key ?? `${delivery.id} ${event.path}`, {
        delivery: delivery.id,
        ...(event.id === undefined ? {} : { id: event.id }),
        at: timeOf(event, delivery),
        outgoing,
        kind: event.kind,
        lines: linesOf(event, payload),
      });
    }
  }

  /** Oldest first. */
  turns(): Turn[] {
    return [...this.#turns.values()].toSorted((one, other) => one.at - other.at);
  }

  #addStatus(delivery: Delivery, event: WebhookEvent): void {
    const key = event.id ?? event.key ?? delivery.id;
    const before = this.#turns.get(key);
    const state = stateAfter(before?.state, event.kind);
    const at = timeOf(event, delivery);
    const { reason: _, ...turn } = before ?? { delivery: delivery.id, at, outgoing: true, kind: "message", lines: [] };
    const reason = event.kind === "failed" ? event.summary : before?.reason;
    this.#turns.set(key, {
      ...turn,
      ...(event.id === undefined ? {} : { id: event.id }),
      at: Math.min(turn.at, at),
      ...(state === undefined ? {} : { state }),
      ...(state === "failed" && reason !== undefined ? { reason } : {}),
    });
  }

  /** Statuses can arrive before the echo of their message. */
  #merge(key: string, turn: Turn): void {
    const { state, reason } = this.#turns.get(key) ?? {};
    this.#turns.set(key, {
      ...turn,
      ...(state === undefined ? {} : { state }),
      ...(reason === undefined ? {} : { reason }),
    });
  }
}

/** Meta gives seconds, so messages of one second are in the order of arrival. */
function timeOf({ at }: WebhookEvent, { receivedAt }: Delivery): number {
  return at === undefined ? receivedAt : at * 1000;
}

function linesOf({ path, kind, group, summary }: WebhookEvent, payload: unknown): string[] {
  const item = itemAt(payload, path);
  const sent = asJsonObject(item?.["message"]) ?? item;
  const text = stringAt(sent, "type") === "text" ? stringAt(asJsonObject(sent?.["text"]), "body") : undefined;
  if (text !== undefined) return text.split("\n").slice(0, MAX_LINES);
  // The summary of a field says what kind of message it is about.
  return [group === "message" || summary === "" ? `${kind} ${summary}`.trim() : summary];
}

/** The object at a path such as `entry[0].changes[0].value.messages[0]`. */
function itemAt(payload: unknown, path: string): JsonObject | undefined {
  let item: unknown = payload;
  for (const [key] of path.matchAll(/[^.[\]]+/g)) {
    if (typeof item !== "object" || item === null || !Object.hasOwn(item, key)) return undefined;
    item = (item as Record<string, unknown>)[key];
  }
  return asJsonObject(item);
}
