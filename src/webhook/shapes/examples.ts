/** The `value` of a change around an example of a message, a status or an error; the customer and the business of all fixtures. */
import { wamid } from "../wamid.ts";

/** The customer and the business of every bundled fixture. */
export const CUSTOMER = "16505551234";
const NAME = "Sheena";
const USERNAME = "sheena.test";
export const CONTACTS = [{ profile: { name: NAME }, wa_id: CUSTOMER }];
export const BUSINESS = { display_phone_number: "15550783881", phone_number_id: "106540352242922" };
const TIMESTAMP = "1785499200";

type Example = Readonly<Record<string, unknown>>;

/** A customer with a user id and no number has a username. `contact` in an example is added to the entry in `contacts`. */
export function exampleMessage(kind: string, example: object, variant: string): object {
  const { type = kind, contact, ...content } = example as Example;
  const { from_user_id: user_id, from_parent_user_id: parent_user_id } = content;
  const number = user_id === undefined ? CUSTOMER : content["from"];
  const id = wamid(CUSTOMER, `${kind} ${variant}`);
  const from = number === undefined ? {} : { from: number };
  const contacts = [{ ...contactOf({ number, user_id, parent_user_id }), ...(contact as object | undefined) }];
  return valueOf({
    // System messages have no sender, so Meta sends no `contacts` with them.
    ...(type === "system" ? {} : { contacts }),
    messages: [{ ...from, id, timestamp: TIMESTAMP, ...content, type }],
  });
}

/** An example that is an array is several statuses. Meta adds `contacts` to statuses with a user id, except to `failed`. */
export function exampleStatus(status: string, example: object, variant: string): object {
  const examples = (Array.isArray(example) ? example : [example]) as Example[];
  // All statuses of one variant belong to the same message.
  const id = wamid(CUSTOMER, `an outbound message ${variant}`);
  const contacts = examples.flatMap(
    ({ recipient_id: number, recipient_user_id: user_id, parent_recipient_user_id: parent_user_id }) =>
      user_id === undefined || status === "failed" ? [] : [contactOf({ number, user_id, parent_user_id })],
  );
  return valueOf({
    ...(contacts.length === 0 ? {} : { contacts }),
    statuses: examples.map((each) => {
      const recipient = each["recipient_user_id"] === undefined ? { recipient_id: CUSTOMER } : {};
      return { id, status, timestamp: TIMESTAMP, ...recipient, ...each };
    }),
  });
}

export function exampleError(_: string, example: object): object {
  return valueOf({ errors: [example] });
}

/** The `value` of a change that concerns a phone number. */
export function valueOf(content: object): object {
  return { messaging_product: "whatsapp", metadata: BUSINESS, ...content };
}

interface Ids {
  number: unknown;
  user_id: unknown;
  parent_user_id: unknown;
}

function contactOf({ number, user_id, parent_user_id }: Ids): object {
  return {
    profile: { name: NAME, ...(number === undefined ? { username: USERNAME } : {}) },
    ...(number === undefined ? {} : { wa_id: number }),
    ...(user_id === undefined ? {} : { user_id }),
    ...(parent_user_id === undefined ? {} : { parent_user_id }),
  };
}
