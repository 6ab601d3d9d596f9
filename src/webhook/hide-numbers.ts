/** Turns a payload into its twin of customers who hide their number behind a username. Source: Meta, "Business-scoped user IDs". */
import { userIdOf, usernameOf } from "./user-id.ts";

type Json = Record<string, unknown>;

/** Which key holds a number, and which one the user id that replaces it. */
type Swap = readonly [number: string, userId: string];

const FROM: Swap = ["from", "from_user_id"];
const TO: Swap = ["to", "to_user_id"];
const WA_ID: Swap = ["wa_id", "user_id"];
const RECIPIENT: Swap = ["recipient_id", "recipient_user_id"];
const PARTICIPANTS: readonly Swap[] = [
  ["recipient_participant_id", "recipient_participant_user_id"],
  ["participant_recipient_id", "recipient_participant_user_id"],
];

/**
 * Edits `payload` in place: the numbers of customers are removed, and user ids stand in their place. A user id that is missing is derived
 * from the number, so that a customer has the same one in every delivery. Message ids stay, although they can contain the number.
 */
export function hideNumbers(payload: unknown): void {
  for (const entry of list(payload, "entry")) {
    const account = typeof entry["id"] === "string" ? entry["id"] : "";
    for (const change of list(entry, "changes")) hideIn(object(change["value"]), account);
  }
}

function hideIn(value: Json | undefined, account: string): void {
  if (value === undefined) return;
  const hider = new Hider(account, object(value["metadata"])?.["display_phone_number"]);
  const standby = object(value["standby"]);
  hider.hide(value);
  if (standby !== undefined) hider.hide(standby);
}

class Hider {
  readonly #account: string;
  readonly #business: unknown;

  constructor(account: string, business: unknown) {
    this.#account = account;
    this.#business = business;
  }

  hide(value: Json): void {
    // Meta leaves the username out of the status `sent`.
    const named = list(value, "statuses").every(({ status }) => status !== "sent");
    for (const contact of list(value, "contacts")) this.#hideContact(contact, named);
    for (const name of ["messages", "message_echoes", "calls"])
      for (const item of list(value, name)) this.#hideItem(item);
    for (const status of list(value, "statuses")) this.#hideStatus(status);
    for (const name of ["user_preferences", "user_id_update"]) {
      for (const item of list(value, name)) this.#swap(item, WA_ID);
    }
    for (const { contact } of list(value, "state_sync")) this.#hideSynced(object(contact));
    for (const group of list(value, "groups")) this.#hideGroup(group);
    for (const chunk of list(value, "history")) for (const thread of list(chunk, "threads")) this.#hideThread(thread);
  }

  #hideContact(contact: Json, named: boolean): void {
    this.#swap(contact, WA_ID);
    const [profile, userId] = [object(contact["profile"]), contact["user_id"]];
    if (profile === undefined || typeof userId !== "string" || !named) return;
    const { name } = profile;
    profile["username"] ??= usernameOf(typeof name === "string" ? name : "", userId);
  }

  /** A message, an echo or a call. */
  #hideItem(item: Json): void {
    this.#swap(item, FROM);
    this.#swap(item, TO);
    const [request, system] = [object(item["message"]), object(item["system"])];
    // One form of an echo holds the send request.
    if (request !== undefined) this.#swap(request, ["to", "recipient"]);
    if (system === undefined) return;
    this.#swap(system, WA_ID);
    delete system["new_wa_id"];
  }

  #hideStatus(status: Json): void {
    if (status["recipient_type"] !== "group") this.#swap(status, RECIPIENT);
    for (const swap of PARTICIPANTS) this.#swap(status, swap);
  }

  #hideSynced(contact: Json | undefined): void {
    if (contact === undefined) return;
    this.#swap(contact, ["phone_number", "user_id"]);
    const { user_id: userId, full_name: name } = contact;
    if (typeof userId === "string") contact["username"] ??= usernameOf(typeof name === "string" ? name : "", userId);
  }

  #hideGroup(group: Json): void {
    this.#swap(group, WA_ID);
    for (const name of ["added_participants", "removed_participants", "failed_participants"]) {
      for (const person of list(group, name)) this.#swap(person, WA_ID);
    }
  }

  /** A thread is named by the number, or without one by its context. */
  #hideThread(thread: Json): void {
    const { id } = thread;
    const context = object(thread["context"]) ?? {};
    if (isNumber(id)) {
      delete thread["id"];
      context["wa_id"] ??= id;
    }
    this.#swap(context, WA_ID);
    const { user_id: userId } = context;
    if (typeof userId === "string") {
      context["username"] ??= usernameOf("", userId);
      thread["context"] = context;
    }
    for (const message of list(thread, "messages")) this.#hideItem(message);
  }

  /** Puts the user id in the place of the number, unless it is the business's own. */
  #swap(holder: Json, [numberKey, userIdKey]: Swap): void {
    const number = Object.hasOwn(holder, numberKey) ? holder[numberKey] : undefined;
    if (!isNumber(number) || number === this.#business) return;
    const known = Object.hasOwn(holder, userIdKey) ? holder[userIdKey] : undefined;
    const entries = Object.entries(holder);
    for (const [key] of entries) delete holder[key];
    for (const [key, value] of entries) {
      // Defined rather than assigned: a capture can have the key `__proto__`.
      if (key !== numberKey) define(holder, key, value);
      else if (known === undefined) define(holder, userIdKey, userIdOf(number, this.#account));
    }
  }
}

function define(holder: Json, key: string, value: unknown): void {
  Object.defineProperty(holder, key, { value, writable: true, enumerable: true, configurable: true });
}

/** Digits only, with a `+` in some captures; a group's id is not a number. */
function isNumber(value: unknown): value is string {
  return typeof value === "string" && /^\+?\d{5,20}$/.test(value);
}

function object(value: unknown): Json | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
}

/** The objects of a list. */
function list(holder: unknown, key: string): Json[] {
  const value = object(holder)?.[key];
  return Array.isArray(value) ? value.map(object).filter((item) => item !== undefined) : [];
}
