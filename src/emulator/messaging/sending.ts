/** Whether a message that is right in itself may go out: to whom, how many, which template, which file. */
import { asItem } from "../../json.ts";
import { MEDIA, mediaKindOf, type MediaKind } from "../../messages/media-types.ts";
import { invalid, Refusal } from "../http/answer.ts";
import { textAt } from "../http/call.ts";
import type { State } from "../state.ts";
import type { Sending } from "./conversation.ts";
import type { Fault, Recipient } from "./payloads.ts";
import { digitsIn } from "./recipient.ts";
import { checkParameters } from "./template-parameters.ts";
import type { Template } from "./template.ts";

type Fields = Readonly<Record<string, unknown>>;

interface Addressed {
  to: Recipient;
  /** For the answer. */
  recipient: object;
  /** Whether nobody has this user id. */
  nobody?: true;
}

/** Accepts a message or throws the answer that refuses it. */
export function accept(request: Fields, state: State): { id: string; recipient: object } {
  const { conversation, limits } = state;
  if (!limits.takeAny()) {
    throw new Refusal(130429, { details: "Message failed to send because there were too many messages in a second" });
  }
  const { to, recipient, nobody } = addressed(request, state);
  const type = textAt(request, "type") ?? "text";
  const template = type === "template" ? templateOf(request, state) : undefined;
  const fault = nobody === true ? NOBODY : mediaFault(request, state);
  if (!limits.takePair(to.waId ?? to.userId)) {
    throw new Refusal(131056, {
      details: "Message failed to send because there were too many messages to the same number",
    });
  }
  const tracker = textAt(request, "biz_opaque_callback_data");
  const id = conversation.send({
    to,
    type,
    ...fare(to, template, state),
    ...(fault === undefined ? {} : { fault }),
    ...(tracker === undefined ? {} : { tracker }),
  });
  return { id, recipient };
}

const NOBODY: Fault = { code: 131026, details: "Nobody whom the emulator knows has this user id" };
const CLOSED: Fault = {
  code: 131047,
  details: "Message failed to send because more than 24 hours have passed since the customer last wrote to this number",
};

/** What it costs; and that only a template arrives when the customer has not written for 24 hours. */
function fare(to: Recipient, template: Template | undefined, { customers }: State): Pick<Sending, "pricing" | "fault"> {
  const open = to.waId !== undefined && customers.isOpen(to.waId);
  if (template === undefined) {
    return { pricing: { category: "service", free: true }, ...(open ? {} : { fault: CLOSED }) };
  }
  const category = template.category.toLowerCase();
  return { pricing: { category, free: open && category === "utility" } };
}

function addressed(request: Fields, { account, customers }: State): Addressed {
  if (request["recipient_type"] === "group") {
    const details = "the emulator has no groups: it sends to individuals only";
    throw new Refusal(131041, { details });
  }
  const input = textAt(request, "to");
  if (input === undefined) return byUserId(textAt(request, "recipient") ?? "", customers);
  const number = digitsIn(input);
  if (number === undefined) throw new Refusal(131009, { details: `to: ${input} is not a phone number` });
  if (number === account.displayNumber) throw new Refusal(131021, { details: "to: this is the business's own number" });
  if (!customers.mayReceive(number)) throw notAllowed(number, account.allowedNumbers);
  const to = customers.of(number);
  return { to, recipient: { input, wa_id: to.waId } };
}

function byUserId(userId: string, customers: State["customers"]): Addressed {
  const known = customers.withUserId(userId);
  const recipient = { input: userId, user_id: userId };
  return known === undefined ? { to: { userId }, recipient, nobody: true } : { to: known, recipient };
}

function notAllowed(number: string, allowed: readonly string[]): Refusal {
  const few = allowed.length > 5 ? "" : `; it holds ${allowed.join(", ")}`;
  const details = `Recipient phone number not in allowed list: add ${number} to the list and send again${few}`;
  return new Refusal(131030, { subcode: 2_655_007, details });
}

function templateOf(request: Fields, { templates }: State): Template {
  const asked = asItem(request["template"]) ?? {};
  const code = asItem(asked["language"])?.["code"];
  const template = templates.find(textAt(asked, "name") ?? "", typeof code === "string" ? code : "");
  checkParameters(template, asked["components"]);
  return template;
}

/** Refuses files that nobody has uploaded; a file of another sort than the message is accepted and then fails. */
function mediaFault(request: Fields, { shelf }: State): Fault | undefined {
  let fault: Fault | undefined;
  for (const { sort, id } of filesIn(request)) {
    const media = shelf.get(id);
    if (media === undefined) {
      const message = `Param ${sort}['id'] is not a valid whatsapp business account media attachment ID`;
      throw invalid(message, `${id} was not uploaded, or is no longer kept`);
    }
    if (!fits(media.mime, sort)) {
      fault = { code: 131053, details: `Media ${id} is ${media.mime}, which cannot be sent as ${sort}` };
    }
  }
  return fault;
}

/** A document may be anything that can be uploaded. */
function fits(mime: string, sort: MediaKind): boolean {
  return sort === "document" || mediaKindOf(mime)?.kind === sort;
}

/** Every `{ id }` under a key that is a sort of media, however deep. */
function filesIn(value: unknown): { sort: MediaKind; id: string }[] {
  if (Array.isArray(value)) return value.flatMap(filesIn);
  return Object.entries(asItem(value) ?? {}).flatMap(([key, inner]) => {
    const id = Object.hasOwn(MEDIA, key) ? asItem(inner)?.["id"] : undefined;
    return typeof id === "string" ? [{ sort: key as MediaKind, id }] : filesIn(inner);
  });
}
