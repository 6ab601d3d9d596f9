/** One customer's conversation: from recorded deliveries, and from what the app asked of the emulator. */
import type { ReceivedMessage } from "../../emulator/event.ts";
import { asJsonObject } from "../../json.ts";
import { stateAfter, type MessageState } from "../../messages/statuses/ladder.ts";
import { findErrorCode } from "../../meta-errors/error-table.ts";
import type { Delivery } from "../../store/store.ts";
import type { WebhookEvent } from "../../webhook/event.ts";
import { partiesOf } from "../../webhook/parties.ts";
import type { Bubble } from "../api.ts";
import type { Ledger, LedgerRequest } from "../ledger.ts";
import { messageKind } from "../request-parts.ts";
import type { Content, FindTemplate, MediaUrls } from "./content.ts";
import { inboundContent, messageAt } from "./inbound.ts";
import { outboundContent } from "./outbound.ts";

interface Context {
  customer: string;
  ledger: Ledger;
  media: MediaUrls;
  template: FindTemplate;
  /** Meta's times are those of the emulator, whose clock can be advanced. */
  emulated: boolean;
}

interface Status {
  state: MessageState;
  reason?: string;
  remedy?: string;
}

/** Meta gives whole seconds; what arrived within this time of them is in the order of arrival, in milliseconds. */
const PROMPT_MS = 60_000;
/** What is shown of a quoted message. */
const MAX_QUOTE = 200;
/** Of one message. */
const MAX_REACTIONS = 20;

export class ConversationBubbles {
  readonly #context: Context;
  readonly #bubbles = new Map<string, Bubble>();
  readonly #statuses = new Map<string, Status & { at: number; delivery: string }>();
  /** By message: who reacted (the customer or the business), and how. */
  readonly #reactions = new Map<string, Map<boolean, string>>();
  name: string | undefined;

  constructor(context: Context) {
    this.#context = context;
  }

  /** Oldest first. */
  addDelivery(delivery: Delivery): void {
    if (delivery.verdict !== "accepted") return;
    let payload: unknown;
    for (const event of delivery.events) {
      const { customer, outgoing } = partiesOf(event);
      if (customer !== this.#context.customer) continue;
      this.name = event.name ?? this.name;
      if (event.group === "status" && stateAfter(undefined, event.kind) !== undefined) {
        this.#addStatus(event, delivery);
        continue;
      }
      payload ??= JSON.parse(Buffer.from(delivery.body).toString("utf8"));
      const content = inboundContent(messageAt(payload, event.path), event.summary, this.#context.media);
      const key = event.id ?? event.key ?? `${delivery.id} ${event.path}`;
      const at = this.#timeOf(event, delivery);
      this.#add(key, content, { delivery: delivery.id, ...idOf(event.id), at, outgoing, kind: event.kind });
    }
  }

  #addStatus({ id, kind, summary, fix, ...event }: WebhookEvent, delivery: Delivery): void {
    const key = id ?? delivery.id;
    const before = this.#statuses.get(key);
    const state = stateAfter(before?.state, kind);
    if (state === undefined) return;
    const failure = kind === "failed" ? { reason: summary, ...(fix === undefined ? {} : { remedy: fix }) } : {};
    const at = this.#timeOf({ id, kind, summary, ...event } as WebhookEvent, delivery);
    this.#statuses.set(key, { at, delivery: delivery.id, ...before, ...failure, state });
  }

  #timeOf({ at }: WebhookEvent, { receivedAt }: Delivery): number {
    const isPrompt = at === undefined || Math.abs(receivedAt - at * 1000) < PROMPT_MS;
    return this.#context.emulated || isPrompt ? receivedAt : at * 1000;
  }

  /** A message that the emulator's customer sent, where there is no listener. */
  addReceived({ id, name, message }: ReceivedMessage, at: number): void {
    this.name = name;
    const content = inboundContent(message, "", this.#context.media);
    this.#add(id, content, { id, at, outgoing: false, kind: message.type });
  }

  addRequest({ at, request, cause }: LedgerRequest): void {
    const { messageId, summary = "", error, body } = request;
    const kind = messageKind(request);
    if (kind === undefined) return;
    const { ledger, media, template } = this.#context;
    const content = outboundContent(asJsonObject(body) ?? {}, { id: messageId, summary, media, template });
    const asked = cause === undefined ? undefined : ledger.inbound(cause)?.at;
    const known = error === undefined ? undefined : findErrorCode(error.code, error.subcode);
    this.#add(messageId ?? `request ${at} ${kind}`, content, {
      ...idOf(messageId),
      at,
      outgoing: true,
      kind,
      ...(asked === undefined ? {} : { answeredAfterMs: at - asked }),
      ...(error === undefined ? {} : { state: "failed", reason: error.details ?? error.message }),
      ...(known === undefined ? {} : { remedy: known.remedy }),
    });
  }

  #add(key: string, { reaction, ...content }: Content, bubble: Omit<Bubble, "lines">): void {
    if (reaction !== undefined) {
      const reactions = this.#reactions.get(reaction.to) ?? new Map<boolean, string>();
      this.#reactions.set(reaction.to, reactions.set(bubble.outgoing, reaction.emoji));
    } else if (!this.#bubbles.has(key)) this.#bubbles.set(key, { ...bubble, ...content });
  }

  /** Oldest first. `known` are messages that are shown by their requests, on another page. */
  bubbles(known: ReadonlySet<string>): Bubble[] {
    for (const [id, { at, delivery }] of this.#statuses) {
      if (this.#bubbles.has(id) || known.has(id)) continue;
      this.#bubbles.set(id, { id, delivery, at, outgoing: true, kind: "message", lines: [] });
    }
    return [...this.#bubbles.values()]
      .map((bubble) => this.#completed(bubble))
      .toSorted((one, other) => one.at - other.at);
  }

  #completed(bubble: Bubble): Bubble {
    const { id = "", quoted } = bubble;
    const status = bubble.outgoing ? this.#statusOf(id) : undefined;
    const reactions = [...(this.#reactions.get(id)?.values() ?? [])].filter((emoji) => emoji !== "");
    const text = quoted === undefined ? undefined : this.#bubbles.get(quoted.id)?.lines[0]?.slice(0, MAX_QUOTE);
    return {
      ...bubble,
      ...status,
      ...(reactions.length === 0 ? {} : { reactions: reactions.slice(0, MAX_REACTIONS) }),
      ...(quoted === undefined || text === undefined ? {} : { quoted: { ...quoted, text } }),
    };
  }

  /** From deliveries and, without a listener, from what the emulator delivered. */
  #statusOf(id: string): Partial<Status> {
    const found = this.#statuses.get(id);
    const delivered = this.#context.ledger.statusesOf(id);
    const state = delivered.reduce<MessageState | undefined>((so, { status }) => stateAfter(so, status), found?.state);
    if (state === undefined) return {};
    const { reason, remedy } = found ?? {};
    if (state !== "failed" || reason === undefined) return { state };
    return { state, reason, ...(remedy === undefined ? {} : { remedy }) };
  }
}

function idOf(id: string | undefined): { id?: string } {
  return id === undefined ? {} : { id };
}
