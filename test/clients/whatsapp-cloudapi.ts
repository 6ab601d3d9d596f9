/** `@whatsapp-cloudapi/client`: one function for each sort of message, without dependencies. */
// The operations run inside of tests (table.test.ts).
// oxlint-disable vitest/no-standalone-expect
import * as api from "@whatsapp-cloudapi/client";
import { expect } from "vitest";

import type { Emulated } from "../emulator/test-emulator.ts";
import { CUSTOMER, fails, last, operation, type Client, type Loose } from "./client.ts";
import { sends } from "./examples.ts";

function common({ emulator }: Emulated) {
  const { accessToken, phoneNumberId: from } = emulator.account;
  return { accessToken, from, baseUrl: emulator.url };
}

/** Calls a function with the common fields of a request and its own. */
function by(send: (input: never) => Promise<Loose>, own: (request: Loose) => object) {
  return async (stage: Emulated, request: Loose) => {
    const { to, biz_opaque_callback_data: bizOpaqueCallbackData } = request;
    const answer = await send({ ...common(stage), to, bizOpaqueCallbackData, ...own(request) } as never);
    return answer.messages[0].id as string;
  };
}

/** The fields around the action of an interactive message. */
function frame({ interactive: { header, body, footer } }: Loose): object {
  return { bodyText: body.text, headerText: header?.text, headerImage: header?.image, footerText: footer?.text };
}

const flow = ({ interactive }: Loose): object => {
  const { flow_id, flow_token, flow_cta, flow_action, flow_action_payload } = interactive.action.parameters;
  return { flowId: flow_id, flowToken: flow_token, flowCta: flow_cta, flowAction: flow_action, ...flow_action_payload };
};

const messages = [
  ...sends(
    ["text", "text.preview", "tracked"],
    by(api.sendTextMessage, ({ text }) => ({ text: text.body, previewUrl: text.preview_url })),
  ),
  ...sends(
    ["image"],
    by(api.sendImageMessage, ({ image: { id, caption } }) => ({ mediaId: id, caption })),
  ),
  ...sends(
    ["template", "template.parameters", "template.named", "template.code", "template.carousel", "template.offer"],
    by(api.sendTemplateMessage, ({ template: { name, language, components } }) => {
      return { templateName: name, languageCode: language.code, languagePolicy: language.policy, components };
    }),
  ),
  ...sends(
    ["button", "button.header"],
    by(api.sendButtonsMessage, (request) => {
      const buttons = request.interactive.action.buttons.map(({ reply }: Loose) => reply);
      return { ...frame(request), buttons };
    }),
  ),
  ...sends(
    ["list", "list.short"],
    by(api.sendListMessage, (request) => {
      const { button: buttonText, sections } = request.interactive.action;
      return { ...frame(request), buttonText, sections };
    }),
  ),
  ...sends(
    ["cta_url"],
    by(api.sendCTAURLMessage, (request) => {
      const { display_text: buttonText, url } = request.interactive.action.parameters;
      return { ...frame(request), buttonText, url };
    }),
  ),
  ...sends(
    ["flow"],
    by(api.sendFlowMessage, (request) => ({ ...frame(request), ...flow(request) })),
  ),
  ...sends(["read", "read.typing"], async (stage, { message_id: messageId, typing_indicator: typing }) => {
    const answer = await api.markMessageRead({
      ...common(stage),
      messageId,
      showTypingIndicator: typing !== undefined,
    });
    expect(answer).toEqual({ success: true });
    return undefined;
  }),
];

const upload = operation("media upload", async (stage) => {
  const file = new File([Buffer.from([0x89, 0x50, 0x4e, 0x47])], "door.png", { type: "image/png" });
  const { id } = await api.uploadMedia({ ...common(stage), file });
  expect((await stage.ask(`/${id}`)).json).toMatchObject({ id, mime_type: "image/png", file_size: 4 });
  expect(last(stage).status).toBe(200);
});

const errors = fails({
  text: async (stage, { to = CUSTOMER, token, phoneNumberId }) => {
    const { accessToken, from, baseUrl } = common(stage);
    return api.sendTextMessage({
      accessToken: token ?? accessToken,
      from: phoneNumberId ?? from,
      baseUrl,
      to,
      text: "Hello",
    });
  },
  // The error is JSON text behind a prefix.
  surfaced: ({ thrown }) => {
    const { error } = JSON.parse((thrown as Error).message.replace("WhatsApp API Error: ", ""));
    const { code, error_subcode: subcode, message, error_data: data, fbtrace_id: trace } = error;
    return { code, subcode, message, details: data?.details, trace };
  },
});

export const whatsappCloudapi: Client = {
  name: "@whatsapp-cloudapi/client",
  address: "option baseUrl",
  operations: [...messages, upload, ...errors],
};
