/** `history`: what was written in the WhatsApp Business app before this app was connected, in chunks. */
import { asItem, type Item, wordAt } from "../../json.ts";
import { membersAt, type WebhookEvent } from "../event.ts";
import { readEcho } from "../shapes/echoes.ts";
import { BUSINESS, CONTACTS, CUSTOMER, valueOf } from "../shapes/envelope.ts";
import { examplesOf, type Field } from "../shapes/field.ts";
import { eachItem, identity, keyOf, readAs } from "../shapes/items.ts";
import { line } from "../shapes/wording.ts";
import { wamid } from "../wamid.ts";

const phone = BUSINESS.display_phone_number;
const photo = { mime_type: "image/jpeg", sha256: "VGVzdCBwaG90byBoYXNoIG9mIGEgZmllbGQ=", id: "1003383421387303" };

export const history: Field = {
  name: "history",
  timed: false,
  get examples() {
    return examplesOf("history", {
      default: chunk([0, 1, 10], {
        ...message("a question of yesterday", "READ"),
        from: CUSTOMER,
        type: "text",
        text: { body: "Are you open tomorrow?" },
      }),
      sent: chunk([1, 4, 55], {
        ...message("an answer of last month", "DELIVERED"),
        from: phone,
        to: CUSTOMER,
        type: "text",
        text: { body: "Yes, from nine on" },
      }),
      media: chunk([2, 1, 80], { ...message("a photo", "PLAYED"), from: CUSTOMER, type: "media_placeholder" }),
      "without-number": valueOf({
        history: [
          {
            metadata: { phase: 1, chunk_order: 5, progress: 60 },
            threads: [
              {
                context: { user_id: "US.10000000000000000001", username: "sheena.test" },
                messages: [
                  {
                    ...message("a thank you", "READ"),
                    from_user_id: "US.10000000000000000001",
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
                id: CUSTOMER,
                messages: [
                  { ...message("first", "READ"), from: CUSTOMER, type: "text", text: { body: "Do you have bulbs?" } },
                  { ...message("second", "READ"), from: phone, to: CUSTOMER, type: "text", text: { body: "Many" } },
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
        messages: [{ ...message("a photo"), from: CUSTOMER, type: "image", image: { ...photo, caption: "This one?" } }],
      }),
      "sent-media-follows": valueOf({
        message_echoes: [{ ...message("a photo sent"), from: phone, to: CUSTOMER, type: "image", image: photo }],
      }),
      declined: valueOf({
        history: [
          {
            errors: [
              {
                code: 2593109,
                title: "History sharing is off",
                message: "History sharing is off",
                error_data: { details: "The business chose not to share what was written before." },
              },
            ],
          },
        ],
      }),
    });
  },
  events: (value, path) =>
    eachItem("history", value, path, {
      history: readChunk,
      messages: (item, path, value) => old(readAs("messages", item, { field: "history", path, value }), item),
      message_echoes: (item, at, around) => readEcho("history", item, at, around),
    }),
};

function readChunk(chunk: Item, path: string): WebhookEvent[] {
  const around = { field: "history", path };
  const threads = membersAt(chunk, "threads", around);
  const errors = membersAt(chunk, "errors", around);
  const progress = progressOf(asItem(chunk["metadata"]));
  const events = threads.members.flatMap((thread) => {
    const { members, odd } = membersAt(thread.item, "messages", { field: "history", path: thread.path });
    return [...members.map((member) => readOld(member.item, member.path, progress)), ...odd];
  });
  const refusals = errors.members.map((member) =>
    refused(readAs("errors", member.item, { field: "history", path: member.path })),
  );
  const all = [...events, ...refusals, ...threads.odd, ...errors.odd];
  if (all.length > 0) return all;
  const summary = line("a chunk without messages", progress);
  return [{ group: "field", kind: "history", field: "history", path, summary }];
}

function refused(event: WebhookEvent): WebhookEvent {
  return { ...event, summary: `the business does not share its history: ${event.summary}` };
}

function readOld(item: Item, path: string, progress: string | undefined): WebhookEvent {
  const status = wordAt(asItem(item["history_context"]), "status");
  return old(readAs("messages", item, { field: "history", path }), item, [status, progress]);
}

/** A message of the past: an event of the field, lest it passes for one that just came in. */
function old(read: WebhookEvent, item: Item, more: readonly (string | undefined)[] = []): WebhookEvent {
  const { kind: type, ...event } = read;
  const [id, to] = ["id", "to"].map((key) => wordAt(item, key));
  const told: WebhookEvent = { ...event, group: "field", kind: "history" };
  told.summary = line([type, event.summary].filter(Boolean).join(" "), more);
  // The file that follows has the id of its placeholder, and is something else.
  return { ...told, ...identity({ to, key: keyOf("history", id, type) }) };
}

function progressOf(metadata: Item | undefined): string | undefined {
  const [phase, chunk, progress] = ["phase", "chunk_order", "progress"].map((key) => wordAt(metadata, key));
  return line(
    phase && `phase ${phase}`,
    chunk && `chunk ${chunk}`,
    progress === "100" ? "complete" : progress && `${progress} %`,
  );
}

function chunk([phase, chunk_order, progress]: readonly number[], message: object): object {
  const metadata = { phase, chunk_order, progress };
  return valueOf({ history: [{ metadata, threads: [{ id: CUSTOMER, messages: [message] }] }] });
}

function message(seed: string, status?: string): object {
  const identified = { id: wamid(CUSTOMER, `history ${seed}`), timestamp: "1782900000" };
  return status === undefined ? identified : { ...identified, history_context: { status } };
}
