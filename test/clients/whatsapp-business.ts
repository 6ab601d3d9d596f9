/** `whatsapp-business`: passes requests on through axios, and serves webhooks with Express. */
// The operations run inside of tests (table.test.ts).
// oxlint-disable vitest/no-standalone-expect
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

import { expect } from "vitest";
import { WABAClient, WebhookClient } from "whatsapp-business";

import type { Emulated } from "../emulator/test-emulator.ts";
import { temporaryFolder } from "../support/world.ts";
import { accountOperations, CUSTOMER, fails, media, operation, type Client, type Loose } from "./client.ts";
import { sends } from "./examples.ts";
import { receives } from "./webhooks.ts";

function clientOf({ emulator }: Emulated, token = emulator.account.accessToken): WABAClient {
  const { phoneNumberId: phoneId, businessAccountId: accountId } = emulator.account;
  const client = new WABAClient({ apiToken: token, phoneId, accountId });
  client.restClient.fetch.defaults.baseURL = `${emulator.url}/v25.0`;
  return client;
}

const OFFERED = [
  ..."text text.preview reply image image.link video video.link audio audio.link document document.link".split(" "),
  ..."sticker sticker.link location contacts contacts.full reaction reaction.removed template".split(" "),
  ..."template.parameters template.code button button.header list list.short".split(" "),
  ..."product product.bare product_list catalog_message catalog_message.bare".split(" "),
];

const messages = [
  ...sends(OFFERED, async (stage, request) => {
    const { messages: sent } = await clientOf(stage).sendMessage(request);
    return sent[0].id;
  }),
  ...sends(["read"], async (stage, { message_id }) => {
    expect(await clientOf(stage).markMessageAsRead(message_id as string)).toEqual({ success: true });
    return undefined;
  }),
];

const files = media({
  upload: async (stage, file) => {
    const path = join(temporaryFolder(), file.name);
    writeFileSync(path, Buffer.from(await file.arrayBuffer()));
    return (await clientOf(stage).uploadMedia({ file: path, type: file.type as Loose })).id;
  },
  look: async (stage, id) => {
    const { url, mime_type: mime, sha256, file_size: size } = await clientOf(stage).getMedia(id);
    return { url, mime, sha256, size: Number(size) };
  },
  download: async (stage, { url }) => {
    const path = join(temporaryFolder(), "file");
    await once(await clientOf(stage).downloadMedia(url, path), "finish");
    return readFileSync(path);
  },
  remove: async (stage, id) => (await clientOf(stage).deleteMedia(id)).success,
});

const account = accountOperations({
  "phone number": async (stage, { phoneNumberId }) => clientOf(stage).getSingleBusinessPhoneNumber(phoneNumberId),
  "phone numbers": async (stage) => clientOf(stage).getBusinessPhoneNumbers(),
  "register the number": async (stage, { phoneNumberId }) => {
    return clientOf(stage).registerPhone({ phoneNumberId, pin: "000000" });
  },
  "deregister the number": async (stage, { phoneNumberId }) => clientOf(stage).deregisterPhone(phoneNumberId),
  "two-step PIN": async (stage, { phoneNumberId }) => {
    return clientOf(stage).setupTwoStepAuth({ phoneNumberId, pin: "123456" });
  },
  "business profile": async (stage) => clientOf(stage).getBusinessProfile(["about", "email"] as Loose),
});

const settings = operation("identity check", async (stage) => {
  const set = await clientOf(stage).updateIdentityCheckState({ enable_identity_key_check: true });
  expect(set).toEqual({ success: true });
});

const errors = fails({
  text: async (stage, { to = CUSTOMER, token, phoneNumberId }) => {
    const client = clientOf(stage, token);
    if (phoneNumberId !== undefined) client.phoneId = phoneNumberId;
    return client.sendMessage({ to, type: "text", text: { body: "Hello" } } as Loose);
  },
  // The library replaces the message by its own, and a missing subcode by NaN.
  surfaced: ({ thrown }) => {
    const { code, error_subcode: subcode, error_data: data, fbtrace_id: trace } = thrown as Loose;
    return { code, subcode: subcode || undefined, details: data.details || undefined, trace };
  },
});

const webhooks = receives({
  // It does not verify signatures.
  lacks: ["webhook with a wrong signature"],
  app: ({ verifyToken: token }, see) => {
    // Its router needs the version of Express that it depends on.
    const require = createRequire(import.meta.resolve("whatsapp-business"));
    const express = require("express");
    const app = express();
    app.use(express.json());
    const client = new WebhookClient({ token, path: "/webhook", expressApp: { app, shouldStartListening: false } });
    client.initWebhook({
      onMessageReceived: ({ id, from, text, image }: Loose, contact) => {
        const file = image === undefined ? {} : { fileId: image.id as string };
        see({ message: id, text: text?.body ?? image?.caption, from, name: contact.profile.name, ...file });
      },
      onStatusReceived: ({ id, status, recipient_id: to }) => see({ status, of: id, to }),
    });
    return { listener: app };
  },
});

export const whatsappBusiness: Client = {
  name: "whatsapp-business",
  address: "restClient.fetch.defaults.baseURL",
  operations: [...messages, ...files, ...account, settings, ...errors, ...webhooks],
};
