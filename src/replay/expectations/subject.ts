/** Whom a delivery is about: its customers and message ids, by which answers are attributed to it. */
import { asJsonObject, type JsonObject, objectsAt, parseObject, stringAt } from "../../json.ts";
import type { Answer } from "../../messages/answer.ts";

export interface Subject {
  /** Numbers, user ids and group ids. */
  customers: ReadonlySet<string>;
  /** The ids of its messages. */
  messages: ReadonlySet<string>;
}

const CUSTOMER_KEYS = ["from", "from_user_id", "group_id", "recipient_id", "recipient_user_id"];
/** Empty for a body that is no payload. */
export function subjectOf(body: Uint8Array): Subject {
  const root = asJsonObject(parseObject(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("utf8")));
  const [customers, messages] = [new Set<string>(), new Set<string>()];
  const values = objectsAt(root, "entry").flatMap((entry) =>
    objectsAt(entry, "changes").map(({ value }) => asJsonObject(value)),
  );
  for (const value of values) {
    for (const contact of objectsAt(value, "contacts")) add(customers, contact, ["wa_id", "user_id"]);
    for (const item of [...objectsAt(value, "messages"), ...objectsAt(value, "statuses")])
      add(customers, item, CUSTOMER_KEYS);
    for (const message of objectsAt(value, "messages")) add(messages, message, ["id"]);
  }
  return { customers, messages };
}

function add(known: Set<string>, item: JsonObject, keys: readonly string[]): void {
  for (const key of keys) {
    const text = stringAt(item, key);
    if (text !== undefined) known.add(text);
  }
}

/** Whether the answer is one to this delivery: it names a message of it, or else only its customer. */
export function concerns({ customers, messages }: Subject, { to, messageId, replyTo }: Answer): boolean {
  const named = messageId ?? replyTo;
  if (named !== undefined && messages.size > 0) return messages.has(named);
  return to !== undefined && customers.has(to);
}
