/** Accepts a valid message: checks rate limits, recipient, template and media, and decides how its delivery ends. */
import { asJsonObject } from "../../json.ts";
import { MEDIA, mediaKindOf, type MediaKind } from "../../messages/media-types.ts";
import type { PhoneNumber } from "../account/phone-numbers.ts";
import type { Participant } from "../business/group.ts";
import { textAt } from "../http/call.ts";
import { invalid, GraphErrorResponse } from "../http/graph-response.ts";
import type { State } from "../state.ts";
import { checkParameters } from "../templates/parameters.ts";
import type { Template } from "../templates/template.ts";
import type { OutboundMessage } from "./conversation.ts";
import type { Customer } from "./customers.ts";
import type { DeliveryError } from "./payloads.ts";
import { digitsIn } from "./recipient.ts";

type Fields = Readonly<Record<string, unknown>>;

interface ResolvedRecipient {
  to: Customer;
  /** The contact in the response. */
  recipient: object;
  /** Whether the user id is unknown. */
  unknown?: true;
  /** Of a group. */
  participants?: readonly Participant[];
}

/** Accepts a message from this number and schedules its statuses. Throws a `GraphErrorResponse` when it is rejected. */
export function accept(request: Fields, sender: PhoneNumber, state: State): { id: string; recipient: object } {
  const { conversation, limits, phoneNumbers } = state;
  phoneNumbers.requireRegistered(sender);
  if (!limits.acquire()) {
    throw new GraphErrorResponse(130429, {
      details: "Message failed to send because there were too many messages in a second",
    });
  }
  const { to, recipient, unknown, participants } = resolveRecipient(request, sender, state);
  const type = textAt(request, "type") ?? "text";
  const template = type === "template" ? templateOf(request, sender, state) : undefined;
  const error = unknown === true ? UNKNOWN_USER : checkMedia(request, state);
  if (!limits.acquirePair(to.waId ?? to.userId)) {
    throw new GraphErrorResponse(131056, {
      details: "Message failed to send because there were too many messages to the same number",
    });
  }
  const callbackData = textAt(request, "biz_opaque_callback_data");
  const failure = state.failures.failedStatus() ?? error;
  const id = conversation.send({
    sender: phoneNumbers.accountOf(sender),
    to,
    type,
    voice: asJsonObject(request["audio"])?.["voice"] === true,
    ...(participants === undefined ? deliveryTerms(to, template, state) : groupTerms(template, participants)),
    ...(failure === undefined ? {} : { error: failure }),
    ...(callbackData === undefined ? {} : { callbackData }),
  });
  state.flowSessions.note(to.userId, id, sender.id, request);
  return { id, recipient };
}

const UNKNOWN_USER: DeliveryError = { code: 131026, details: "No customer of the emulator has this user id" };
const WINDOW_CLOSED: DeliveryError = {
  code: 131047,
  details: "Message failed to send because more than 24 hours have passed since the customer last wrote to this number",
};

/** The price, and the error for a message other than a template outside the 24-hour window. */
function deliveryTerms(
  to: Customer,
  template: Template | undefined,
  { customers }: State,
): Pick<OutboundMessage, "pricing" | "error"> {
  const open = customers.hasOpenWindow(to.userId);
  if (template === undefined) {
    return { pricing: { category: "service", free: true }, ...(open ? {} : { error: WINDOW_CLOSED }) };
  }
  const category = template.category.toLowerCase();
  return { pricing: { category, free: open && category === "utility" } };
}

/** The emulator has the groups that were created through its API. */
function groupOf(input: string, sender: PhoneNumber, { groups }: State["business"]): ResolvedRecipient {
  const group = groups.find(input);
  if (group?.phoneNumberId !== sender.id) {
    throw new GraphErrorResponse(131041, { details: `this number is in no group with the id ${input}` });
  }
  const participants = [...group.participants.values()];
  if (participants.length === 0) throw new GraphErrorResponse(131020, { details: "nobody has joined the group" });
  return { to: { waId: group.id, userId: group.id }, recipient: { input, wa_id: group.id }, participants };
}

/** A group has no 24-hour window of its own. */
function groupTerms(
  template: Template | undefined,
  participants: readonly Participant[],
): Pick<OutboundMessage, "pricing" | "participants"> {
  const category = `group_${template?.category.toLowerCase() ?? "service"}`;
  return { pricing: { category, free: template === undefined }, participants };
}

function resolveRecipient(
  request: Fields,
  sender: PhoneNumber,
  { account, business, customers }: State,
): ResolvedRecipient {
  const input = textAt(request, "to");
  if (request["recipient_type"] === "group") return groupOf(input ?? "", sender, business);
  if (input === undefined) return byUserId(textAt(request, "recipient") ?? "", customers);
  const number = digitsIn(input);
  if (number === undefined) throw new GraphErrorResponse(131009, { details: `to: ${input} is not a phone number` });
  if (number === sender.displayNumber)
    throw new GraphErrorResponse(131021, { details: "to: this is the business's own number" });
  if (sender.isTestNumber && !customers.isAllowed(number)) throw notAllowed(number, account.allowedNumbers);
  const to = customers.get(number);
  return { to, recipient: { input, wa_id: to.waId } };
}

function byUserId(userId: string, customers: State["customers"]): ResolvedRecipient {
  const known = customers.findByUserId(userId);
  const recipient = { input: userId, user_id: userId };
  return known === undefined ? { to: { userId }, recipient, unknown: true } : { to: known, recipient };
}

function notAllowed(number: string, allowed: readonly string[]): GraphErrorResponse {
  const current = allowed.length > 5 ? "" : `; allowed: ${allowed.join(", ")}`;
  const details = `Recipient phone number not in allowed list: add ${number} to the list and send again${current}`;
  return new GraphErrorResponse(131030, { subcode: 2_655_007, details });
}

function templateOf(request: Fields, { isTestNumber }: PhoneNumber, { templates }: State): Template {
  const requested = asJsonObject(request["template"]) ?? {};
  const code = asJsonObject(requested["language"])?.["code"];
  const template = templates.find(textAt(requested, "name") ?? "", typeof code === "string" ? code : "");
  if (template.name === "hello_world" && !isTestNumber) throw new GraphErrorResponse(131058);
  checkParameters(template, requested["components"]);
  return template;
}

/**
 * Throws a `GraphErrorResponse` for media that was not uploaded. Media of a type that does not match the message is accepted, and
 * delivery fails with the returned error.
 */
function checkMedia(request: Fields, { mediaStore }: State): DeliveryError | undefined {
  let error: DeliveryError | undefined;
  for (const { kind, id } of filesIn(request)) {
    const media = mediaStore.get(id);
    if (media === undefined) {
      const message = `Param ${kind}['id'] is not a valid whatsapp business account media attachment ID`;
      throw invalid(message, `${id} was not uploaded or has expired`);
    }
    if (!matchesKind(media.mime, kind)) {
      error = { code: 131053, details: `Media ${id} is ${media.mime}, which cannot be sent as ${kind}` };
    }
  }
  return error;
}

/** Every supported type can be sent as a document. */
function matchesKind(mime: string, kind: MediaKind): boolean {
  return kind === "document" || mediaKindOf(mime)?.kind === kind;
}

/** Finds every `{ id }` under a media kind at any depth. */
function filesIn(value: unknown): { kind: MediaKind; id: string }[] {
  if (Array.isArray(value)) return value.flatMap(filesIn);
  return Object.entries(asJsonObject(value) ?? {}).flatMap(([key, inner]) => {
    const id = Object.hasOwn(MEDIA, key) ? asJsonObject(inner)?.["id"] : undefined;
    return typeof id === "string" ? [{ kind: key as MediaKind, id }] : filesIn(inner);
  });
}
