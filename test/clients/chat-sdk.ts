/** `@chat-adapter/whatsapp`, the WhatsApp adapter of the Chat SDK: its users write posts and cards instead of WhatsApp's JSON. */
// The operations run inside of tests (table.test.ts).
// oxlint-disable vitest/no-standalone-expect
import { createMemoryState } from "@chat-adapter/state-memory";
import { createWhatsAppAdapter, WhatsAppApiError, type WhatsAppAdapter } from "@chat-adapter/whatsapp";
import { type Adapter, Actions, Button, Card, CardText, Chat, ConsoleLogger, LinkButton } from "chat";
import { expect } from "vitest";

import type { Emulated } from "../emulator/test-emulator.ts";
import { APP_SECRET, VERIFY_TOKEN } from "../support/http.ts";
import { CUSTOMER, fails, last, operation, type Client, type Loose } from "./client.ts";
import { sends } from "./examples.ts";
import { behind, receives } from "./webhooks.ts";

const logger = new ConsoleLogger("silent");

interface Settings {
  accessToken: string;
  phoneNumberId: string;
  apiUrl?: string;
  appSecret?: string;
  verifyToken?: string;
}

function botOf({ appSecret = APP_SECRET, verifyToken = VERIFY_TOKEN, ...settings }: Settings) {
  const settled = { ...settings, appSecret, verifyToken, apiVersion: "v25.0", logger };
  const whatsapp = createWhatsAppAdapter(settled) as Adapter;
  return new Chat({ userName: "bot", adapters: { whatsapp }, state: createMemoryState(), logger });
}

async function threadOf({ emulator }: Emulated, to: string, changes: Partial<Settings> = {}) {
  const { accessToken, phoneNumberId } = emulator.account;
  const bot = botOf({ accessToken, phoneNumberId, apiUrl: emulator.url, ...changes });
  const adapter = bot.getAdapter("whatsapp") as WhatsAppAdapter;
  await bot.initialize();
  return { bot, adapter, thread: bot.thread(await adapter.openDM(to)) };
}

/** Posts a message built from a request. */
function post(content: (request: Loose) => Loose) {
  return async (stage: Emulated, request: Loose) => {
    const { thread } = await threadOf(stage, (request.to ?? request.recipient) as string);
    return (await thread.post(content(request))).id;
  };
}

/** A file by its URL; the library names a document after the attachment. */
function link(type: string, mimeType: string) {
  return post((request) => {
    const { link: url, caption, filename: name } = request[request.type];
    return { markdown: caption ?? "", attachments: [{ type, url, name: name ?? "file", mimeType }] };
  });
}

const text = post(({ text: { body } }) => ({ markdown: body }));

const messages = [
  ...sends(["text", "to a user id"], text),
  ...sends(["reply"], async (stage, { to, context, text: { body } }) => {
    const { adapter, thread } = await threadOf(stage, to as string);
    return (await adapter.reply(thread.id, context.message_id as string, { markdown: body as string })).id;
  }),
  ...sends(["image.link"], link("image", "image/png")),
  ...sends(["video.link"], link("video", "video/mp4")),
  ...sends(["audio.link"], link("audio", "audio/mpeg")),
  ...sends(["document.link"], link("file", "application/pdf")),
  ...sends(["reaction"], async (stage, { to, reaction: { message_id: id, emoji } }) => {
    const { adapter, thread } = await threadOf(stage, to as string);
    await adapter.addReaction(thread.id, id as string, emoji as string);
    return last(stage).messageId;
  }),
  ...sends(["reaction.removed"], async (stage, { to, reaction: { message_id: id } }) => {
    const { adapter, thread } = await threadOf(stage, to as string);
    await adapter.removeReaction(thread.id, id as string, "👍");
    return last(stage).messageId;
  }),
  ...sends(["template", "template.parameters", "template.code"], async (stage, { to, template }) => {
    const { adapter, thread } = await threadOf(stage, to as string);
    return (await adapter.sendTemplate(thread.id, { ...template, language: template.language.code })).id;
  }),
  ...sends(
    ["button"],
    post(({ interactive: { body, action } }) => {
      const buttons = action.buttons.map(({ reply: { id, title } }: Loose) => Button({ id, label: title }));
      return Card({ children: [CardText(body.text), Actions(buttons as [])] });
    }),
    {
      // The library encodes its own names into the ids.
      arrives: (request) => {
        for (const { reply } of request.interactive.action.buttons) {
          reply.id = `chat:${JSON.stringify({ a: reply.id })}`;
        }
        return request as object;
      },
    },
  ),
  ...sends(
    ["cta_url"],
    post(({ interactive: { header, body, action } }) => {
      const { display_text: label, url } = action.parameters;
      return Card({ title: header.text, children: [CardText(body.text), Actions([LinkButton({ label, url })])] });
    }),
    {
      arrives: (request) => {
        delete request.interactive.footer;
        return request as object;
      },
      note: "the library has no footer here",
    },
  ),
  ...sends(["read"], async (stage, { message_id: id }) => {
    const { adapter } = await threadOf(stage, CUSTOMER);
    await adapter.markAsRead(id as string);
    return undefined;
  }),
];

/** The library uploads posted files. It cannot download from the emulator, because it requires https. */
const files = ["image/png", "video/mp4", "audio/ogg", "application/pdf"].map((mimeType) => {
  const [sort = ""] = mimeType.replace(/^application/, "document").split("/");
  return operation(sort, async (stage) => {
    const { thread } = await threadOf(stage, CUSTOMER);
    const attached = [{ data: Buffer.from("bytes"), filename: "file", mimeType }];
    const { id } = await thread.post({ markdown: "", files: attached });
    const [upload, message] = stage.emulator.requests.slice(-2);
    expect(upload?.path).toMatch(/\/media$/);
    expect(message).toMatchObject({ kind: sort, status: 200, messageId: id });
  });
});

const errors = fails({
  text: async (stage, { to = CUSTOMER, token, phoneNumberId }) => {
    const changes = {
      ...(token === undefined ? {} : { accessToken: token }),
      ...(phoneNumberId === undefined ? {} : { phoneNumberId }),
    };
    return (await threadOf(stage, to, changes)).thread.post("Hello");
  },
  surfaced: ({ thrown }) => {
    expect(thrown).toBeInstanceOf(WhatsAppApiError);
    const { errorCode, subcode, providerMessage: message, details, traceId: trace } = thrown as WhatsAppApiError;
    return { code: Number(errorCode), subcode, message, details, trace };
  },
  made: ({ thrown }) => (thrown as WhatsAppApiError).code,
  expected: { 190: "AUTH_FAILED", 200: "PERMISSION_DENIED", 130429: "RATE_LIMITED" },
});

/** The library sends the typing indicator for the last received message. */
const typing = operation("read.typing", async () => {
  const late: { bot?: ReturnType<typeof botOf>; tasks: Promise<unknown>[] } = { tasks: [] };
  const { stage } = await behind(() => async (request) => {
    return late.bot?.webhooks.whatsapp(request, { waitUntil: (task) => late.tasks.push(task) }) as Promise<Response>;
  });
  const { accessToken, phoneNumberId } = stage.emulator.account;
  late.bot = botOf({ accessToken, phoneNumberId, apiUrl: stage.emulator.url });
  late.bot.onDirectMessage(async (thread) => thread.startTyping());
  const { id: message_id } = await stage.emulator.receive("Hello");
  await stage.next("webhook");
  await Promise.all(late.tasks);
  const { kind, status, body } = last(stage);
  expect([kind, status]).toEqual(["read", 200]);
  expect(body).toMatchObject({ status: "read", message_id, typing_indicator: { type: "text" } });
});

/** A bot that reports received messages. */
const app = ((secrets, see) => {
  const bot = botOf({ ...secrets, accessToken: "none", phoneNumberId: "none" });
  bot.onDirectMessage((_, { id, text, author, attachments: [file] }) => {
    const fileId = file === undefined ? {} : { fileId: file.fetchMetadata?.["mediaId"] };
    see({ message: id, text, from: author.userId, name: author.fullName, ...fileId });
  });
  return async (request) => {
    const tasks: Promise<unknown>[] = [];
    const response = await bot.webhooks.whatsapp(request, { waitUntil: (task) => tasks.push(task) });
    await Promise.all(tasks);
    return response;
  };
}) satisfies Parameters<typeof receives>[0]["app"];

export const chatSdk: Client = {
  name: "@chat-adapter/whatsapp",
  address: "option apiUrl",
  operations: [...messages, typing, ...files, ...errors, ...receives({ app, lacks: ["webhook of statuses"] })],
};
