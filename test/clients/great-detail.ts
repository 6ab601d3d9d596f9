/** `@great-detail/whatsapp`: sends requests unchanged and reads the account; errors come from `ky`. */
// The operations run inside of tests (table.test.ts).
// oxlint-disable vitest/no-standalone-expect
import { Client as Sdk } from "@great-detail/whatsapp";
import { expect } from "vitest";

import type { Emulated } from "../emulator/test-emulator.ts";
import { CUSTOMER, fails, last, media, operation, type Client, type Loose } from "./client.ts";
import { EXAMPLE_NAMES, sends } from "./examples.ts";
import { receives } from "./webhooks.ts";

function clientOf({ emulator }: Emulated, token = emulator.account.accessToken): Sdk {
  const request = { headers: { Authorization: `Bearer ${token}` } };
  return new Sdk({ prefixUrl: emulator.url, graphVersion: "v25.0", request });
}

type Options = Parameters<Sdk["message"]["createMessage"]>[0];

async function send(stage: Emulated, request: object): Promise<string | undefined> {
  const { phoneNumberId: phoneNumberID } = stage.emulator.account;
  const sent = await clientOf(stage).message.createMessage({ phoneNumberID, ...request } as Options);
  const { messages } = await sent.json();
  return messages[0]?.id;
}

/** Its types cover all of these except interactive messages, which it passes through. */
const messages = EXAMPLE_NAMES.filter(
  (name) => !/^(pin|read|reply|reaction|to a user id|request_contact_info|carousel of)/.test(name),
);

const others = [
  ...sends(messages, send),
  ...sends(["reaction", "reaction.removed"], send, {
    note: "its types take a reaction for a sticker; it is sent as it is",
  }),
  ...sends(["request_contact_info", "carousel.products"], send),
  // Its types have `inReplyTo` instead of Meta's `message_id`.
  ...sends(
    ["reply"],
    async (stage, { context: { message_id: inReplyTo }, ...rest }) => send(stage, { ...rest, context: { inReplyTo } }),
    { refused: { code: 100, why: "by its types the context has inReplyTo; Meta documents only message_id" } },
  ),
  ...sends(["read", "read.typing"], async (stage, { message_id, status, typing_indicator }) => {
    const { phoneNumberId: phoneNumberID } = stage.emulator.account;
    const marked = await clientOf(stage).message.createStatus({ phoneNumberID, message_id, status, typing_indicator });
    expect(await marked.json()).toEqual({ success: true });
    return undefined;
  }),
  ...media({
    upload: async (stage, file) => {
      const { phoneNumberId: phoneNumberID } = stage.emulator.account;
      const upload = { phoneNumberID, file, filename: file.name, mimeType: file.type };
      return (await (await clientOf(stage).media.upload(upload)).json()).id;
    },
    look: async (stage, mediaID) => {
      const { phoneNumberId: phoneNumberID } = stage.emulator.account;
      const found = await (await clientOf(stage).media.getURL({ mediaID, phoneNumberID })).json();
      return { url: found.url, mime: found.mime_type, sha256: found.sha256, size: Number(found.file_size) };
    },
    download: async (stage, { url: mediaURL }) => {
      const headers = { Authorization: `Bearer ${stage.emulator.account.accessToken}`, Host: new URL(mediaURL).host };
      return (await clientOf(stage).media.download({ mediaURL, request: { headers } })).arrayBuffer();
    },
    remove: async (stage, mediaID) => (await (await clientOf(stage).media.delete({ mediaID })).json()).success,
    remarks: {
      download: { note: "with the header Host in its request options: its own is always lookaside.fbsbx.com" },
    },
  }),
  operation("phone number", async (stage) => {
    const { phoneNumberId: phoneNumberID } = stage.emulator.account;
    const { phoneNumbers } = clientOf(stage);
    expect(await (await phoneNumbers.getPhoneNumber({ phoneNumberID })).json()).toMatchObject({
      id: phoneNumberID,
      display_phone_number: expect.stringMatching(/^\+1 /),
      quality_rating: "GREEN",
      throughput: { level: "STANDARD" },
    });
    const fields = ["status", "account_mode", "health_status"] as const;
    const asked = await phoneNumbers.getPhoneNumber({ phoneNumberID, fields: [...fields] });
    expect(Object.keys(await asked.json())).toEqual([...fields, "id"]);
  }),
  operation("phone numbers", async (stage) => {
    const { businessAccountId: businessAccountID, phoneNumberId: id } = stage.emulator.account;
    const { data } = await (await clientOf(stage).phoneNumbers.listPhoneNumbers({ businessAccountID })).json();
    expect(data).toEqual([expect.objectContaining({ id })]);
  }),
  operation("business account", async (stage) => {
    const { businessAccountId: id } = stage.emulator.account;
    const { whatsappBusinessAccount } = clientOf(stage);
    expect(await (await whatsappBusinessAccount.get(id)).json()).toMatchObject({ id, name: expect.any(String) });
    const asked = await whatsappBusinessAccount.get(id, { fields: ["currency", "account_review_status"] });
    expect(await asked.json()).toEqual({ currency: "USD", account_review_status: "APPROVED", id });
  }),
  operation("subscribed apps", async (stage) => {
    const { businessAccountId: businessAccountID, appId } = stage.emulator.account;
    const { subscribedApps } = clientOf(stage);
    expect(await (await subscribedApps.createSubscription({ businessAccountID })).json()).toEqual({ success: true });
    const { data } = await (await subscribedApps.listSubscriptions({ businessAccountID })).json();
    expect(data.map((each) => each.whatsapp_business_api_data.id)).toEqual([appId]);
  }),
  operation("templates", async (stage) => {
    const { template } = clientOf(stage);
    const asked = await template.list(stage.emulator.account.businessAccountId, { limit: 1, language: "de" } as Loose);
    const { data } = (await asked.json()) as Loose;
    expect(data).toEqual([
      expect.objectContaining({ name: "appointment_reminder", language: "de", status: "APPROVED" }),
    ]);
  }),
  operation("template made and deleted", async (stage) => {
    const { businessAccountId: id } = stage.emulator.account;
    const { template } = clientOf(stage);
    const components = [{ type: "BODY", text: "We are open again, {{1}}.", example: { body_text: [["Sheena"]] } }];
    const made = { name: "open_again", language: "en_US", category: "UTILITY", components } as Loose;
    expect(await (await template.create(id, made)).json()).toMatchObject({ status: "PENDING", category: "UTILITY" });
    stage.emulator.advance(1000);
    const parameters = [{ type: "text", text: "Sheena" }];
    const sent = { name: "open_again", language: { code: "en_US" }, components: [{ type: "body", parameters }] };
    expect(await send(stage, { to: CUSTOMER, type: "template", template: sent })).toBe(last(stage).messageId);
    expect(await (await template.delete(id, { name: "open_again" } as Loose)).json()).toEqual({ success: true });
  }),
  operation("business profile", async (stage) => {
    const { phoneNumberId: phoneNumberID } = stage.emulator.account;
    const { businessProfile } = clientOf(stage);
    const { data } = await (await businessProfile.getBusinessProfile({ phoneNumberID })).json();
    expect(data).toEqual([{ messaging_product: "whatsapp" }]);
  }),
];

const errors = fails({
  text: async (stage, { to = CUSTOMER, token, phoneNumberId = stage.emulator.account.phoneNumberId }) => {
    const request = { phoneNumberID: phoneNumberId, to, type: "text", text: { body: "Hello" } };
    return clientOf(stage, token).message.createMessage(request as Options);
  },
  surfaced: async ({ thrown }) => {
    const { name, response } = thrown as { name: string; response: Response };
    expect(name).toBe("HTTPError");
    const { error } = (await response.json()) as Loose;
    const { code, error_subcode: subcode, message, error_data: data, fbtrace_id: trace } = error;
    return { code, subcode, message, details: data?.details, trace };
  },
});

const webhooks = receives({
  app:
    ({ appSecret, verifyToken }, see) =>
    async (request) => {
      const { webhook } = new Sdk();
      const query = Object.fromEntries(new URL(request.url).searchParams);
      const [method, headers, body] = [request.method, Object.fromEntries(request.headers), await request.text()];
      if (method === "GET") {
        const asked = await webhook.register({ method, query, headers, body: undefined } as Loose);
        return asked.verifyToken === verifyToken ? new Response(asked.accept()) : new Response(null, { status: 403 });
      }
      const event = await webhook.eventNotification({ method, query, headers, body });
      if (!(await event.checkSignature(appSecret))) return new Response(null, { status: 401 });
      tell(event.eventNotification, see);
      event.accept();
      return new Response();
    },
});

/** The library returns the payload unchanged. */
function tell({ entry }: Loose, see: (seen: Loose) => void): void {
  const { messages: written = [], contacts = [], statuses = [] } = entry[0].changes[0].value;
  for (const { id, from, text, image } of written) {
    const file = image === undefined ? {} : { fileId: image.id as string };
    see({ message: id, text: text?.body ?? image?.caption, from, name: contacts[0]?.profile.name, ...file });
  }
  for (const { id, status, recipient_id: to } of statuses) see({ status, of: id, to });
}

export const greatDetail: Client = {
  name: "@great-detail/whatsapp",
  address: "option prefixUrl",
  operations: [...others, ...errors, ...webhooks],
};
