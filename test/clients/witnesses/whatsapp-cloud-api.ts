/** `whatsapp-cloud-api`: a bot that sends through axios and receives with Express. */
import type { Emulated } from "../../emulator/test-emulator.ts";
import { CUSTOMER, fails, type Client, type Loose } from "../client.ts";
import { sends } from "../examples.ts";
import { receives } from "../webhooks.ts";
import { throughAgent } from "./agent.ts";
import { load, versionOf } from "./installed.ts";

const { createBot } = load("whatsapp-cloud-api");

function botOf({ emulator }: Emulated, token = emulator.account.accessToken, phone = emulator.account.phoneNumberId) {
  return createBot(phone, token, { version: "v25.0" });
}

/** Calls a method of the bot with the recipient and what it needs of the request. */
function by(method: string, values: (request: Loose) => unknown[]) {
  return async (stage: Emulated, request: Loose) => {
    const sent = await throughAgent(stage, async () => botOf(stage)[method](request.to, ...values(request)));
    return sent.messageId as string;
  };
}

const file = (type: string) => (request: Loose) => {
  const { id, link, ...options } = request[type];
  return [link ?? id, options];
};

const options = ({ interactive: { header, footer } }: Loose) => ({ header, footerText: footer?.text });

const messages = [
  ...sends(
    ["text", "text.preview"],
    by("sendText", ({ text: { body, ...rest } }) => [body, rest]),
  ),
  ...sends(["image", "image.link"], by("sendImage", file("image"))),
  ...sends(["video", "video.link"], by("sendVideo", file("video"))),
  ...sends(["audio", "audio.link"], by("sendAudio", file("audio"))),
  ...sends(["document", "document.link"], by("sendDocument", file("document"))),
  ...sends(["sticker", "sticker.link"], by("sendSticker", file("sticker"))),
  ...sends(
    ["location"],
    by("sendLocation", ({ location: { latitude, longitude, ...rest } }) => [latitude, longitude, rest]),
  ),
  ...sends(
    ["contacts", "contacts.full"],
    by("sendContacts", ({ contacts }) => [contacts]),
  ),
  ...sends(
    ["template", "template.parameters", "template.named", "template.code", "template.carousel", "template.offer"],
    by("sendTemplate", ({ template: { name, language, components } }) => [name, language.code, components]),
  ),
  ...sends(
    ["button", "button.header"],
    by("sendReplyButtons", (request) => {
      const { body, action } = request.interactive;
      const buttons = action.buttons.map(({ reply: { id, title } }: Loose) => [id, title]);
      return [body.text, Object.fromEntries(buttons as []), options(request)];
    }),
  ),
  ...sends(
    ["list"],
    by("sendList", (request) => {
      const { body, action } = request.interactive;
      const sections = action.sections.map(({ title, rows }: Loose) => [title, rows]);
      return [action.button, body.text, Object.fromEntries(sections as []), options(request)];
    }),
  ),
];

const errors = fails({
  text: async (stage, { to = CUSTOMER, token, phoneNumberId }) => {
    return throughAgent(stage, async () => botOf(stage, token, phoneNumberId).sendText(to, "Hello"));
  },
  surfaced: ({ thrown }) => {
    const { code, error_subcode: subcode, message, error_data: data, fbtrace_id: trace } = (thrown as Loose).error;
    return { code, subcode, message, details: data?.details, trace };
  },
});

const webhooks = receives({
  // It neither verifies signatures nor reports statuses.
  lacks: ["webhook with a wrong signature", "webhook of statuses"],
  app: ({ verifyToken: webhookVerifyToken }, see) => {
    const app = load("express")();
    const bots = new Set<string>();
    app.use(load("express").json(), ({ body }: Loose, response: Loose, next: () => void) => {
      // A bot is of one phone number, which the app of a test learns from its first delivery.
      const id = body?.entry?.[0].changes[0].value.metadata.phone_number_id as string | undefined;
      if (id !== undefined && !bots.has(id)) {
        bots.add(id);
        createBot(id, "none").on("message", ({ from, name, id: message, data }: Loose) => {
          const file = data.mime_type === undefined ? {} : { fileId: data.id as string };
          see({ message, text: data.text ?? data.caption, from, name, ...file });
        });
      }
      // Its events come in a timer of their own, after its response.
      const { end } = response;
      response.end = (...values: unknown[]) => setTimeout(() => end.apply(response, values));
      next();
    });
    void createBot("none", "none").startExpressServer({ app, webhookPath: "/webhook", webhookVerifyToken });
    return { listener: app };
  },
});

export const whatsappCloudApi: Client = {
  name: "whatsapp-cloud-api",
  version: versionOf("whatsapp-cloud-api"),
  address: "agent of node:https",
  operations: [...messages, ...errors, ...webhooks],
};
