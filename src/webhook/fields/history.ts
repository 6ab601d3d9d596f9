/** `history`: the chat history of the WhatsApp Business app from before it was connected, in chunks. */
import { asJsonObject, type JsonObject, stringAt } from "../../json.ts";
import { senderOf } from "../envelope.ts";
import { membersAt, type WebhookEvent } from "../event.ts";
import { readEcho } from "../shapes/echo.ts";
import { BUSINESS, CONTACTS, CUSTOMER, SHEENA, USER_ID, USERNAME, valueOf } from "../shapes/examples.ts";
import { examplesOf, type Field } from "../shapes/field.ts";
import { identity, keyOf } from "../shapes/identity.ts";
import { readLists } from "../shapes/list-field.ts";
import { readNested } from "../shapes/message-items.ts";
import { joinParts } from "../shapes/summary.ts";
import { wamid } from "../wamid.ts";

const phone = BUSINESS.display_phone_number;
const fromCustomer = senderOf(SHEENA);
const toCustomer = { from: phone, to: CUSTOMER, to_user_id: USER_ID };
const thread = { id: CUSTOMER, context: { wa_id: CUSTOMER, user_id: USER_ID } };
const photo = { mime_type: "image/jpeg", sha256: "VGVzdCBwaG90byBoYXNoIG9mIGEgZmllbGQ=", id: "1003383421387303" };

export const history: Field = {
  name: "history",
  timed: false,
  get examples() {
    return examplesOf("history", {
      default: chunk([0, 1, 10], {
        ...message("a question of yesterday", "READ"),
        ...fromCustomer,
        type: "text",
        text: { body: "Are you open tomorrow?" },
      }),
      // Until 2026: no user ids.
      older: valueOf({
        history: [
          {
            metadata: { phase: 0, chunk_order: 2, progress: 15 },
            threads: [
              {
                id: CUSTOMER,
                messages: [
                  {
                    ...message("a question of last week", "READ"),
                    from: CUSTOMER,
                    type: "text",
                    text: { body: "Are you open on Monday?" },
                  },
                ],
              },
            ],
          },
        ],
      }),
      sent: chunk([1, 4, 55], {
        ...message("an answer of last month", "DELIVERED"),
        ...toCustomer,
        type: "text",
        text: { body: "Yes, from nine on" },
      }),
      media: chunk([2, 1, 80], { ...message("a photo", "PLAYED"), ...fromCustomer, type: "media_placeholder" }),
      "without-number": valueOf({
        history: [
          {
            metadata: { phase: 1, chunk_order: 5, progress: 60 },
            threads: [
              {
                context: { user_id: USER_ID, username: USERNAME },
                messages: [
                  {
                    ...message("a thank you", "READ"),
                    from_user_id: USER_ID,
                    type: "text",
                    text: { body: "Thank you" },
                  },
                ],
              },
            ],
          },
        ],
      }),
      threads: valueOf({
        history: [
          {
            metadata: { phase: 2, chunk_order: 1, progress: 75 },
            threads: [
              {
                ...thread,
                messages: [
                  { ...message("first", "READ"), ...fromCustomer, type: "text", text: { body: "Do you have bulbs?" } },
                  { ...message("second", "READ"), ...toCustomer, type: "text", text: { body: "Many" } },
                ],
              },
              {
                id: "16505550100",
                messages: [{ ...message("third", "ERROR"), from: phone, to: "16505550100", type: "media_placeholder" }],
              },
            ],
          },
        ],
      }),
      done: valueOf({ history: [{ metadata: { phase: 2, chunk_order: 9, progress: 100 }, threads: [] }] }),
      "media-follows": valueOf({
        contacts: CONTACTS,
        messages: [
          { ...message("a photo"), ...fromCustomer, type: "image", image: { ...photo, caption: "This one?" } },
        ],
      }),
      "sent-media-follows": valueOf({
        contacts: CONTACTS,
        message_echoes: [{ ...message("a photo sent"), ...toCustomer, type: "image", image: photo }],
      }),
      declined: valueOf({
        history: [
          {
            errors: [
              {
                code: 2593109,
                title: "History sharing is off",
                message: "History sharing is off",
                error_data: { details: "The business chose not to share its chat history." },
              },
            ],
          },
        ],
      }),
    });
  },
  events: (value, path) =>
    readLists("history", value, path, {
      history: readChunk,
      messages: (item, path, value) => asHistory(readNested("messages", item, { field: "history", path, value }), item),
      message_echoes: (item, path, value) => readEcho("history", item, path, value),
    }),
};

function readChunk(chunk: JsonObject, path: string): WebhookEvent[] {
  const threads = membersAt(chunk, "threads", { field: "history", path });
  const errors = membersAt(chunk, "errors", { field: "history", path });
  const progress = progressOf(asJsonObject(chunk["metadata"]));
  const events = threads.members.flatMap((thread) => {
    const { members, malformed } = membersAt(thread.item, "messages", { field: "history", path: thread.path });
    return [...members.map((member) => readThreadMessage(member.item, member.path, progress)), ...malformed];
  });
  const declined = errors.members.map((member) =>
    asDeclined(readNested("errors", member.item, { field: "history", path: member.path })),
  );
  const all = [...events, ...declined, ...threads.malformed, ...errors.malformed];
  if (all.length > 0) return all;
  const summary = joinParts("no messages", progress);
  return [{ group: "field", kind: "history", field: "history", path, summary }];
}

function asDeclined(event: WebhookEvent): WebhookEvent {
  return { ...event, summary: `history not shared: ${event.summary}` };
}

function readThreadMessage(item: JsonObject, path: string, progress: string | undefined): WebhookEvent {
  const status = stringAt(asJsonObject(item["history_context"]), "status");
  return asHistory(readNested("messages", item, { field: "history", path }), item, [status, progress]);
}

/** A historical message becomes an event of the field, so that nobody handles it as a new message. */
function asHistory(message: WebhookEvent, item: JsonObject, more: readonly (string | undefined)[] = []): WebhookEvent {
  const { kind: type, ...event } = message;
  const [id, to] = ["id", "to"].map((key) => stringAt(item, key));
  const summary = joinParts([type, event.summary].filter(Boolean).join(" "), more);
  // A placeholder and the file that follows it share the id, so the key needs the type as well.
  const identified = identity({ to, key: keyOf("history", id, type) });
  return { ...event, group: "field", kind: "history", summary, ...identified };
}

function progressOf(metadata: JsonObject | undefined): string | undefined {
  const [phase, chunk, progress] = ["phase", "chunk_order", "progress"].map((key) => stringAt(metadata, key));
  return joinParts(
    phase && `phase ${phase}`,
    chunk && `chunk ${chunk}`,
    progress === "100" ? "complete" : progress && `${progress} %`,
  );
}

function chunk([phase, chunk_order, progress]: readonly number[], message: object): object {
  const metadata = { phase, chunk_order, progress };
  return valueOf({ history: [{ metadata, threads: [{ ...thread, messages: [message] }] }] });
}

function message(seed: string, status?: string): object {
  const identified = { id: wamid(CUSTOMER, `history ${seed}`), timestamp: "1782900000" };
  return status === undefined ? identified : { ...identified, history_context: { status } };
}
