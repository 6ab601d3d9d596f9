/** The `value` of a change around an example of a message, a status or an error; the customer and the business of all fixtures. */
import { contactOf, messageValue, numberValue, statusValue, type Person } from "../envelope.ts";
import { wamid } from "../wamid.ts";

/** The customer and the business of every bundled fixture. */
export const CUSTOMER = "16505551234";
export const USER_ID = "US.10020030040050060070";
export const PARENT_USER_ID = "US.ENT.90080070060050040030";
export const NAME = "Sheena";
export const USERNAME = "sheena.test";
/** The customer, with a number and as one who hides it. */
export const SHEENA: Person = { number: CUSTOMER, userId: USER_ID, name: NAME };
const HIDDEN: Person = { userId: USER_ID, name: NAME, username: USERNAME };
export const CONTACTS = [contactOf(SHEENA)];
export const HIDDEN_CONTACTS = [contactOf(HIDDEN)];
/** Before 2026. */
export const OLDER_CONTACTS = [contactOf({ number: CUSTOMER, name: NAME })];
export const BUSINESS = { display_phone_number: "15550783881", phone_number_id: "106540352242922" };
const TIMESTAMP = "1785499200";

type Example = Readonly<Record<string, unknown>>;

/** What an example says about its customer in its key `customer`; see `defineInbound`. */
interface Known {
  number?: false;
  userId?: false;
  parent?: true;
}

/** `contact` in an example is added to the entry in `contacts`. */
export function exampleMessage(kind: string, example: object, variant: string): object {
  const { type = kind, contact = {}, customer = {}, ...content } = example as Example;
  const from = personOf(customer as Known);
  const id = wamid(CUSTOMER, `${kind} ${variant}`);
  return messageValue(BUSINESS, { from, id, timestamp: TIMESTAMP, content, type: String(type) }, contact as object);
}

/** An example that is an array is several statuses. An example that has its own recipient is one of a group. */
export function exampleStatus(status: string, example: object, variant: string): object {
  const examples = (Array.isArray(example) ? example : [example]) as Example[];
  // All statuses of one variant belong to the same message.
  const id = wamid(CUSTOMER, `an outbound message ${variant}`);
  const statuses = examples.map(({ status: given = status, customer = {}, ...content }) => {
    const to = content["recipient_id"] === undefined ? { to: personOf(customer as Known) } : {};
    return { id, status: String(given), timestamp: TIMESTAMP, ...to, content };
  });
  return statusValue(BUSINESS, statuses);
}

export function exampleError(_: string, example: object): object {
  return valueOf({ errors: [example] });
}

/** The `value` of a change that concerns a phone number. */
export function valueOf(content: object): object {
  return numberValue(BUSINESS, content);
}

function personOf({ number, userId, parent }: Known): Person {
  return {
    ...(number === false ? HIDDEN : SHEENA),
    ...(userId === false ? { userId: undefined } : {}),
    ...(parent === true ? { parentUserId: PARENT_USER_ID } : {}),
  };
}
