/** `standby`: what goes on in conversations that another app, such as Meta's agent, answers. Look, and do not reply. */
import { asItem, type Item } from "../../json.ts";
import type { WebhookEvent } from "../event.ts";
import { readSentEcho } from "../shapes/echoes.ts";
import { BUSINESS, CONTACTS, CUSTOMER, valueOf } from "../shapes/envelope.ts";
import { examplesOf, type Field } from "../shapes/field.ts";
import { eachItem, readAs } from "../shapes/items.ts";
import { line } from "../shapes/wording.ts";
import { wamid } from "../wamid.ts";

const contacts = CONTACTS;

const LISTS = ["messages", "message_echoes", "statuses", "errors"];

export const standby: Field = {
  name: "standby",
  timed: false,
  get examples() {
    const sent = { id: standbyId("an answer"), timestamp: "1785499205" };
    return examplesOf("standby", {
      default: valueOf({ contacts, messages: [question("a question")] }),
      // Inside `value.standby`: known from one client library and one app's tests.
      nested: valueOf({ standby: { contacts, messages: [question("a nested question")] } }),
      echo: valueOf({
        message_echoes: [
          { ...sent, from: BUSINESS.display_phone_number, to: CUSTOMER, type: "text", text: { body: "In the shed" } },
        ],
      }),
      "nested-echo": valueOf({
        standby: {
          message_echoes: [
            {
              id: standbyId("a nested answer"),
              timestamp: "1785499205",
              message: { messaging_product: "whatsapp", to: CUSTOMER, type: "text", text: { body: "Behind the shed" } },
            },
          ],
        },
      }),
      status: valueOf({ statuses: [{ ...sent, status: "delivered", recipient_id: CUSTOMER }] }),
    });
  },
  events(value, path) {
    const item = asItem(value);
    const inner = asItem(item?.["standby"]);
    if (item === undefined || inner === undefined) return read(value, path);
    const both = LISTS.some((list) => Object.hasOwn(item, list));
    return [...read(inner, `${path}.standby`), ...(both ? read(value, path) : [])];
  },
};

function read(value: unknown, path: string): WebhookEvent[] {
  return eachItem("standby", value, path, {
    messages: (item, path, value) => aside(readAs("messages", item, { field: "standby", path, value })),
    message_echoes: (item, at, around) => aside(readSentEcho("standby", item, at, around)),
    statuses: (item, path) => aside(readAs("statuses", item, { field: "standby", path })),
  });
}

function aside(event: WebhookEvent): WebhookEvent {
  return { ...event, summary: line(event.summary, "on standby: another app answers") };
}

function question(seed: string): Item {
  const text = { body: "Where do I find the rakes?" };
  return { from: CUSTOMER, id: standbyId(seed), timestamp: "1785499200", type: "text", text };
}

function standbyId(seed: string): string {
  return wamid(CUSTOMER, `standby ${seed}`);
}
