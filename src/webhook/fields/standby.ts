/** `standby`: conversations controlled by another app, such as Meta Business Agent. This app receives them and must not reply. */
import { asJsonObject } from "../../json.ts";
import { messageItem, messageValue, statusValue } from "../envelope.ts";
import type { WebhookEvent } from "../event.ts";
import { readSentEcho } from "../shapes/echo.ts";
import { BUSINESS, CONTACTS, CUSTOMER, SHEENA, USER_ID, valueOf } from "../shapes/examples.ts";
import { examplesOf, type Field } from "../shapes/field.ts";
import { readLists } from "../shapes/list-field.ts";
import { readNested } from "../shapes/message-items.ts";
import { joinParts } from "../shapes/summary.ts";
import { wamid } from "../wamid.ts";

const LISTS = ["messages", "message_echoes", "statuses", "errors"];

export const standby: Field = {
  name: "standby",
  timed: false,
  get examples() {
    const sent = { id: standbyId("an answer"), timestamp: "1785499205" };
    return examplesOf("standby", {
      default: messageValue(BUSINESS, question("a question")),
      // The nested form is known from one client library and the tests of one app.
      nested: valueOf({ standby: { contacts: CONTACTS, messages: [messageItem(question("a nested question"))] } }),
      echo: valueOf({
        contacts: CONTACTS,
        message_echoes: [
          {
            ...sent,
            from: BUSINESS.display_phone_number,
            to: CUSTOMER,
            to_user_id: USER_ID,
            type: "text",
            text: { body: "In the shed" },
          },
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
      status: statusValue(BUSINESS, [{ ...sent, status: "delivered", to: SHEENA, content: {} }]),
    });
  },
  events(value, path) {
    const item = asJsonObject(value);
    const inner = asJsonObject(item?.["standby"]);
    if (item === undefined || inner === undefined) return read(value, path);
    const both = LISTS.some((list) => Object.hasOwn(item, list));
    return [...read(inner, `${path}.standby`), ...(both ? read(value, path) : [])];
  },
};

function read(value: unknown, path: string): WebhookEvent[] {
  return readLists("standby", value, path, {
    messages: (item, path, value) => onStandby(readNested("messages", item, { field: "standby", path, value })),
    message_echoes: (item, path, value) => onStandby(readSentEcho("standby", item, path, value)),
    statuses: (item, path) => onStandby(readNested("statuses", item, { field: "standby", path })),
  });
}

function onStandby(event: WebhookEvent): WebhookEvent {
  return { ...event, summary: joinParts(event.summary, "standby: another app controls the conversation") };
}

function question(seed: string): Parameters<typeof messageItem>[0] {
  const content = { text: { body: "Where do I find the rakes?" } };
  return { from: SHEENA, id: standbyId(seed), timestamp: "1785499200", content, type: "text" };
}

function standbyId(seed: string): string {
  return wamid(CUSTOMER, `standby ${seed}`);
}
