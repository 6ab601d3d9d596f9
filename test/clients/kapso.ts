/** `@kapso/whatsapp-cloud-api`: a client with camelCase keys that validates messages and parses webhooks. */
// The operations run inside of tests (table.test.ts).
// oxlint-disable vitest/no-standalone-expect
import { GraphApiError, WhatsAppClient } from "@kapso/whatsapp-cloud-api";
import { normalizeWebhook, verifySignature } from "@kapso/whatsapp-cloud-api/server";
import { expect } from "vitest";

import type { Emulated } from "../emulator/test-emulator.ts";
import { CUSTOMER, fails, media, operation, type Client, type Loose } from "./client.ts";
import { sends } from "./examples.ts";
import { business } from "./kapso-business.ts";
import { receives } from "./webhooks.ts";

const VERSION = "v25.0";

function clientOf({ emulator }: Emulated, token = emulator.account.accessToken): WhatsAppClient {
  return new WhatsAppClient({ baseUrl: emulator.url, graphVersion: VERSION, accessToken: token });
}

type Messages = WhatsAppClient["messages"];
type Sender = (messages: Messages, input: never) => Promise<{ messages: { id: string }[] }>;

/** Calls a method with the common fields of a request and its own. */
function by(send: Sender, own: (request: Loose) => object) {
  return async (stage: Emulated, request: Loose) => {
    const { to, recipient, context, biz_opaque_callback_data: bizOpaqueCallbackData } = request;
    const { phoneNumberId } = stage.emulator.account;
    const contextMessageId = context?.message_id as string | undefined;
    const input = { phoneNumberId, to, recipient, contextMessageId, bizOpaqueCallbackData, ...own(request) };
    const { messages } = await send(clientOf(stage).messages, input as never);
    return messages[0]?.id;
  };
}

/** The content object of a request. */
function own(type: string) {
  return (request: Loose) => ({ [type]: type === "template" ? request[type] : camel(request[type]) }) as object;
}

/** The fields around the action of an interactive message. */
function frame({ interactive: { header, body, footer } }: Loose): object {
  return { header, bodyText: body?.text, footerText: footer?.text };
}

/** Converts keys to the library's camelCase. */
function camel(value: Loose): Loose {
  if (Array.isArray(value)) return value.map(camel);
  if (typeof value !== "object" || value === null) return value;
  const cased = (key: string) => key.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [cased(key), camel(inner)]));
}

const text = by(
  (messages, input) => messages.sendText(input),
  ({ text: { body, preview_url: previewUrl } }) => ({ body, previewUrl }),
);

const messages = [
  ...sends(["text", "text.preview", "reply", "tracked", "to a user id"], text),
  ...sends(
    ["image", "image.link"],
    by((m, input) => m.sendImage(input), own("image")),
  ),
  ...sends(
    ["video", "video.link"],
    by((m, input) => m.sendVideo(input), own("video")),
  ),
  ...sends(
    ["audio", "audio.link", "audio.voice"],
    by((m, input) => m.sendAudio(input), own("audio")),
  ),
  ...sends(
    ["document", "document.link"],
    by((m, input) => m.sendDocument(input), own("document")),
  ),
  ...sends(
    ["sticker", "sticker.link"],
    by((m, input) => m.sendSticker(input), own("sticker")),
  ),
  // Not `location.pin`: its coordinates are text, and the library requires numbers.
  ...sends(
    ["location"],
    by((m, input) => m.sendLocation(input), own("location")),
  ),
  ...sends(
    ["contacts", "contacts.full"],
    by((m, input) => m.sendContacts(input), own("contacts")),
  ),
  ...sends(
    ["reaction", "reaction.removed"],
    by((m, input) => m.sendReaction(input), own("reaction")),
  ),
  ...sends(
    ["template", "template.parameters", "template.named", "template.code", "template.carousel", "template.offer"],
    by((m, input) => m.sendTemplate(input), own("template")),
  ),
  ...sends(
    ["button", "button.header"],
    by(
      (m, input) => m.sendInteractiveButtons(input),
      (request) => ({
        ...frame(request),
        buttons: request.interactive.action.buttons.map(({ reply }: Loose) => reply as object),
      }),
    ),
  ),
  ...sends(
    ["list", "list.short"],
    by(
      (m, input) => m.sendInteractiveList(input),
      (request) => {
        const { button: buttonText, sections } = request.interactive.action;
        return { ...frame(request), buttonText, sections };
      },
    ),
  ),
  ...sends(
    ["cta_url"],
    by((m, input) => m.sendInteractiveCtaUrl(input), parameters),
  ),
  ...sends(
    ["flow"],
    by((m, input) => m.sendInteractiveFlow(input), parameters),
  ),
  ...sends(
    ["product", "product.bare"],
    by((m, input) => m.sendInteractiveProduct(input), action),
  ),
  ...sends(
    ["product_list"],
    by((m, input) => m.sendInteractiveProductList(input), action),
  ),
  ...sends(
    ["address_message", "address_message.again"],
    by((m, input) => m.sendInteractiveAddress(input), parameters),
  ),
];

function parameters(request: Loose): object {
  return { ...frame(request), parameters: camel(request.interactive.action.parameters) as object };
}

function action(request: Loose): object {
  return { ...frame(request), ...(camel(request.interactive.action) as object) };
}

const interactive = [
  ...sends(
    ["catalog_message"],
    by((m, input) => m.sendInteractiveCatalogMessage(input), parameters),
    {
      arrives: withoutFooter,
      note: "the library has no footer here",
    },
  ),
  ...sends(
    ["location_request_message"],
    by(
      (m, input) => m.sendInteractiveLocationRequest(input),
      (request) => ({ ...frame(request), parameters: { requestMessage: request.interactive.body.text as string } }),
    ),
    { refused: { code: 100, why: "the library adds action.parameters; Meta documents an action with only a name" } },
  ),
  ...sends(
    ["call_permission_request"],
    by(
      (m, input) => m.sendInteractiveCallPermission(input),
      (request) => ({ ...frame(request), parameters: { phoneNumber: CUSTOMER } }),
    ),
    { refused: { code: 100, why: "the library adds action.parameters; Meta documents an action with only a name" } },
  ),
  ...sends(
    ["carousel", "carousel.replies"],
    by((m, input) => m.sendInteractiveCarousel(input), cards),
    {
      arrives: (request) => {
        for (const card of request.interactive.action.cards) card.type = "cta_url";
        return request as object;
      },
    },
  ),
];

function withoutFooter(request: Loose): object {
  delete request.interactive.footer;
  return request as object;
}

function cards(request: Loose): object {
  const all = request.interactive.action.cards.map(({ card_index: cardIndex, header, body, action }: Loose) => ({
    cardIndex,
    header,
    bodyText: body?.text,
    action: camel(action.parameters ?? { buttons: action.buttons.map(({ quick_reply }: Loose) => quick_reply) }),
  }));
  return { ...frame(request), cards: all };
}

const others = [
  ...sends(["read", "read.typing"], async (stage, { message_id: messageId, typing_indicator: typingIndicator }) => {
    const { phoneNumberId } = stage.emulator.account;
    const input = { phoneNumberId, messageId, typingIndicator };
    expect(await clientOf(stage).messages.markRead(input)).toEqual({ success: true });
    return undefined;
  }),
  ...media({
    upload: async (stage, file) => {
      const { phoneNumberId } = stage.emulator.account;
      return (await clientOf(stage).media.upload({ phoneNumberId, type: "image", file, fileName: file.name })).id;
    },
    look: async (stage, mediaId) => {
      const { url, mimeType: mime, sha256, fileSize } = await clientOf(stage).media.get({ mediaId });
      return { url, mime, sha256, size: Number(fileSize) };
    },
    // By default the library downloads without a token and returns the error response as the file.
    download: async (stage, { id: mediaId }) => {
      return (await clientOf(stage).media.download({ mediaId, auth: "always" })) as ArrayBuffer;
    },
    remove: async (stage, mediaId) => (await clientOf(stage).media.delete({ mediaId })).success,
    remarks: { download: { note: 'with its option auth: "always"' } },
  }),
  operation("templates", async (stage) => {
    const { businessAccountId } = stage.emulator.account;
    const { data, paging } = await clientOf(stage).templates.list({ businessAccountId, limit: 2 });
    expect(data.map(({ name, language, status }) => [name, language, status])).toEqual([
      ["hello_world", "en_US", "APPROVED"],
      ["order_shipped", "en", "APPROVED"],
    ]);
    expect(paging?.cursors?.after).toBeTypeOf("string");
  }),
  operation("template made and deleted", async (stage) => {
    const { businessAccountId, phoneNumberId } = stage.emulator.account;
    const { templates, messages } = clientOf(stage);
    const components: Loose = [
      { type: "BODY", text: "We are open again, {{1}}.", example: { body_text: [["Sheena"]] } },
    ];
    const made = { businessAccountId, name: "open_again", language: "en_US", category: "UTILITY", components };
    expect(await templates.create(made)).toMatchObject({ id: expect.any(String), status: "PENDING" });
    stage.emulator.advance(1000);
    const template = { name: "open_again", language: { code: "en_US" }, components: [bodyOf("Sheena")] };
    expect((await messages.sendTemplate({ phoneNumberId, to: CUSTOMER, template } as Loose)).messages).toHaveLength(1);
    expect(await templates.delete({ businessAccountId, name: "open_again" })).toEqual({ success: true });
  }),
  operation("register the number", async (stage) => {
    const { phoneNumberId } = stage.emulator.account;
    const { phoneNumbers } = clientOf(stage);
    expect(await phoneNumbers.register({ phoneNumberId, pin: "000000" })).toEqual({ success: true });
    expect(await phoneNumbers.deregister({ phoneNumberId })).toEqual({ success: true });
  }),
];

function bodyOf(text: string): object {
  return { type: "body", parameters: [{ type: "text", text }] };
}

const errors = fails({
  text: async (stage, { to = CUSTOMER, token, phoneNumberId = stage.emulator.account.phoneNumberId }) =>
    clientOf(stage, token).messages.sendText({ phoneNumberId, to, body: "Hello" }),
  surfaced: ({ thrown }) => {
    const { code, errorSubcode: subcode, message, details, fbtraceId: trace } = thrown as GraphApiError;
    expect(thrown).toBeInstanceOf(GraphApiError);
    return { code, subcode, message, details, trace };
  },
  made: ({ thrown }) => [(thrown as GraphApiError).category, (thrown as GraphApiError).retry.action],
  expected: {
    100: ["parameter", "fix_and_retry"],
    190: ["authorization", "refresh_token"],
    200: ["permission", "fix_and_retry"],
    130429: ["throttling", "retry_after"],
    131009: ["parameter", "fix_and_retry"],
  },
});

const webhooks = receives({
  lacks: ["webhook handshake"],
  app:
    ({ appSecret }, see) =>
    async (request) => {
      const rawBody = await request.text();
      const signatureHeader = request.headers.get("x-hub-signature-256") ?? "";
      if (!verifySignature({ appSecret, rawBody, signatureHeader })) return new Response(null, { status: 401 });
      const { messages, statuses, contacts } = normalizeWebhook(JSON.parse(rawBody));
      for (const { id, from = "", text, image } of messages) {
        const name = contacts.find(({ waId }) => waId === from)?.profile?.name;
        const fileId = image === undefined ? {} : { fileId: image.id };
        see({ message: id, text: text?.body ?? image?.caption, from, name, ...fileId });
      }
      for (const { id, status, recipientId = "" } of statuses) see({ status, of: id, to: recipientId });
      return new Response();
    },
});

export const kapso: Client = {
  name: "@kapso/whatsapp-cloud-api",
  address: "option baseUrl",
  operations: [...messages, ...interactive, ...others, ...business(clientOf), ...errors, ...webhooks],
};
