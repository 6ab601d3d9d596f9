/** Builds payloads in the shape of 2026, for the bundled fixtures and for the emulator. Source: Meta, "Business-scoped user IDs". */

/** The JSON of a complete delivery. */
export interface Payload {
  object: string;
  entry: { id: string; time?: number; changes: { value: object; field: string }[] }[];
}

/** The business's phone number, as in every `value` that concerns one; the displayed number has digits only. */
export interface Metadata {
  display_phone_number: string;
  phone_number_id: string;
}

/** A customer. Without a number, the customer hides it behind a username; without a user id, the shape is that of before 2026. */
export interface Person {
  /** Digits only: the WhatsApp id. */
  number?: string | undefined;
  /** Business-scoped, such as `US.13491208655302741918`. */
  userId?: string | undefined;
  /** The same in all accounts of a business portfolio: `US.ENT.…`. */
  parentUserId?: string | undefined;
  name?: string | undefined;
  username?: string | undefined;
}

/** A message, or a status, without the keys that name the customer. */
interface Item {
  id: string;
  /** Unix time in seconds. */
  timestamp: string;
  /** The other keys, such as `text` and `context`, or `pricing` and `errors`. */
  content: object;
}

interface Message extends Item {
  from: Person;
  type: string;
}

interface Status extends Item {
  status: string;
  /** Without it, `content` names the recipient: a group and its participant. */
  to?: Person;
}

/** One change of one entry. `time` is Unix time in seconds, for fields of the account. */
export function envelope(id: string, { field, value }: { field: string; value: object }, time?: number): Payload {
  const changes = [{ value, field }];
  return { object: "whatsapp_business_account", entry: [{ id, ...(time === undefined ? {} : { time }), changes }] };
}

/** The `value` of a change that concerns a phone number. */
export function numberValue(metadata: Metadata, content: object): object {
  const { display_phone_number, phone_number_id } = metadata;
  return { messaging_product: "whatsapp", metadata: { display_phone_number, phone_number_id }, ...content };
}

/** The `value` of a message. `contact` is added to its entry in `contacts`. */
export function messageValue(metadata: Metadata, message: Message, contact: object = {}): object {
  // System messages have no sender, so Meta sends no `contacts` with them.
  const contacts = message.type === "system" ? {} : { contacts: [{ ...contactOf(message.from), ...contact }] };
  return numberValue(metadata, { ...contacts, messages: [messageItem(message)] });
}

/** An entry of `messages`. */
export function messageItem({ from, id, timestamp, content, type }: Message): object {
  return { ...senderOf(from), id, timestamp, ...content, type };
}

/** The `value` of one or more statuses. Since 2026, statuses other than `failed` have `contacts`. */
export function statusValue(metadata: Metadata, statuses: readonly Status[]): object {
  const contacts = statuses.flatMap(({ to, status }) => {
    const named = to?.userId !== undefined && to.name !== undefined && status !== "failed";
    // Meta leaves the username out of `sent`.
    return named ? [contactOf(status === "sent" ? { ...to, username: undefined } : to)] : [];
  });
  const items = statuses.map(({ id, status, timestamp, to, content }) => {
    return { id, status, timestamp, ...recipientOf(to ?? {}), ...content };
  });
  return numberValue(metadata, { ...(contacts.length === 0 ? {} : { contacts }), statuses: items });
}

/** An entry of `contacts`. */
export function contactOf({ number, userId, parentUserId, name, username }: Person): object {
  const profile = present({ name, username });
  return { profile, ...present({ wa_id: number, user_id: userId, parent_user_id: parentUserId }) };
}

/** The keys that name the sender of a message. */
export function senderOf({ number, userId, parentUserId }: Person): object {
  return present({ from: number, from_user_id: userId, from_parent_user_id: parentUserId });
}

/** The keys that name the recipient of a status. */
export function recipientOf({ number, userId, parentUserId }: Person): object {
  return present({ recipient_id: number, recipient_user_id: userId, parent_recipient_user_id: parentUserId });
}

/** Without the keys that have no value: Meta omits them. */
function present(keys: Readonly<Record<string, string | undefined>>): object {
  return Object.fromEntries(Object.entries(keys).filter(([, value]) => value !== undefined));
}
