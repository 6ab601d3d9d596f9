/** `whatsapp`: the SDK that Meta itself published, and has archived. */
// The operations run inside of tests (witnesses.test.ts).
// oxlint-disable vitest/no-standalone-expect
import { expect } from "vitest";

import type { Emulated } from "../../emulator/test-emulator.ts";
import { accountOperations, CUSTOMER, fails, type Client, type Loose } from "../client.ts";
import { sends } from "../examples.ts";
import { throughAgent } from "./agent.ts";
import { load, versionOf } from "./installed.ts";

const WhatsApp = load("whatsapp");

/** Its settings are environment variables. */
function sdkOf(
  { emulator }: Emulated,
  token = emulator.account.accessToken,
  id = emulator.account.phoneNumberId,
): Loose {
  Object.assign(process.env, { CLOUD_API_VERSION: "v25.0", CLOUD_API_ACCESS_TOKEN: token });
  return new WhatsApp(Number(id));
}

async function answerOf(stage: Emulated, ask: () => Promise<Loose>): Promise<Loose> {
  return throughAgent(stage, async () => (await ask()).responseBodyToJSON());
}

const OFFERED = [
  ..."text text.preview reply image image.link video video.link audio audio.link document document.link".split(" "),
  ..."sticker sticker.link location contacts contacts.full template template.parameters template.named".split(" "),
  ..."template.code button button.header list list.short product product_list".split(" "),
];

const messages = [
  ...sends(OFFERED, async (stage, { type, to, context, ...request }) => {
    const answer = await answerOf(stage, () => sdkOf(stage).messages[type](request[type], to, context?.message_id));
    return answer.messages[0].id as string;
  }),
  ...sends(["read"], async (stage, { status, message_id }) => {
    expect(await answerOf(stage, () => sdkOf(stage).messages.status({ status, message_id }))).toEqual({
      success: true,
    });
    return undefined;
  }),
];

const account = accountOperations({
  "two-step PIN": async (stage) => answerOf(stage, () => sdkOf(stage).twoStepVerification.setPin(123_456)),
});

const errors = fails({
  text: async (stage, { to = CUSTOMER, token, phoneNumberId }) => {
    return answerOf(stage, () => sdkOf(stage, token, phoneNumberId).messages.text({ body: "Hello" }, to));
  },
  surfaced: ({ returned }) => {
    const { code, error_subcode: subcode, message, error_data: data, fbtrace_id: trace } = (returned as Loose).error;
    return { code, subcode, message, details: data?.details, trace };
  },
});

export const whatsapp: Client = {
  name: "whatsapp",
  version: versionOf("whatsapp"),
  address: "agent of node:https",
  operations: [...messages, ...account, ...errors],
};
