/** `whatsapp`: the SDK that Meta itself published, and has archived. */
// The operations run inside of tests (witnesses.test.ts).
// oxlint-disable vitest/no-standalone-expect
import type { ServerResponse } from "node:http";

import { expect, onTestFinished } from "vitest";

import { QUIET, startTestEmulator, type Emulated } from "../../emulator/test-emulator.ts";
import { APP_SECRET, freePort, VERIFY_TOKEN } from "../../support/http.ts";
import { accountOperations, CUSTOMER, fails, operation, type Client, type Loose } from "../client.ts";
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

/** Starts the library's own server, which cannot choose a free port by itself. */
async function serving(): Promise<Emulated & { url: string }> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/webhook`;
  const account = { appSecret: APP_SECRET, verifyToken: VERIFY_TOKEN };
  const stage = await startTestEmulator({ ...QUIET, webhook: url, account });
  const settings = { LISTENER_PORT: String(port), WEBHOOK_ENDPOINT: "webhook" };
  Object.assign(process.env, settings, { M4D_APP_SECRET: APP_SECRET, WEBHOOK_VERIFICATION_TOKEN: VERIFY_TOKEN });
  const { webhooks } = sdkOf(stage);
  webhooks.start((_status: number, _headers: object, _body: object, response?: ServerResponse) => response?.end());
  onTestFinished(() => void webhooks.stop());
  return { ...stage, url };
}

const webhooks = [
  operation("webhook handshake", async () => {
    const { emulator, ask, url } = await serving();
    const { appId, verifyToken: verify_token } = emulator.account;
    const json = {
      object: "whatsapp_business_account",
      callback_url: url,
      verify_token,
      fields: "messages",
    };
    const token = emulator.tokens.app;
    expect((await ask(`/${appId}/subscriptions`, { json, token })).json).toEqual({ success: true });
    const wrong = { ...json, verify_token: "another" };
    expect((await ask(`/${appId}/subscriptions`, { json: wrong, token })).json.error.code).toBe(2200);
  }),
  operation(
    "webhook of a text",
    async () => {
      const { emulator } = await serving();
      const uncaught = uncaughtError();
      await emulator.receive("Hello");
      throw await uncaught;
    },
    {
      refused: {
        code: "TypeError",
        why: "it joins the chunks of a delivery as text and passes them to Buffer.concat, which ends the app",
      },
    },
  ),
];

/** The next error that nothing catches, in place of the test runner. */
async function uncaughtError(): Promise<Error> {
  const listeners = process.listeners("uncaughtException");
  process.removeAllListeners("uncaughtException");
  const error = await new Promise<Error>((resolve) => process.once("uncaughtException", resolve));
  for (const listener of listeners) process.on("uncaughtException", listener);
  return error;
}

export const whatsapp: Client = {
  name: "whatsapp",
  version: versionOf("whatsapp"),
  address: "agent of node:https",
  operations: [...messages, ...account, ...errors, ...webhooks],
};
