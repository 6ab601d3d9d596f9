/** `facebook-nodejs-business-sdk`: Meta's SDK for the whole Graph API, with objects for accounts and `call` for everything else. */
// The operations run inside of tests (witnesses.test.ts).
// oxlint-disable vitest/no-standalone-expect
import { expect } from "vitest";

import type { Emulated } from "../../emulator/test-emulator.ts";
import { accountOperations, CUSTOMER, fails, operation, type Client, type Loose } from "../client.ts";
import { EXAMPLE_NAMES, sends } from "../examples.ts";
import { throughAgent } from "./agent.ts";
import { load, versionOf } from "./installed.ts";

const NAME = "facebook-nodejs-business-sdk";
const { FacebookAdsApi, WhatsAppBusinessAccount } = load(NAME);

function apiOf({ emulator }: Emulated, token = emulator.account.accessToken): Loose {
  return new FacebookAdsApi(token, "en_US", false);
}

function accountOf(stage: Emulated): Loose {
  return new WhatsAppBusinessAccount(stage.emulator.account.businessAccountId, {}, undefined, apiOf(stage));
}

/** It has no objects for messages: its users call their path. */
async function call(stage: Emulated, method: string, path: string[], params: object = {}): Promise<Loose> {
  return throughAgent(stage, async () => apiOf(stage).call(method, path, params));
}

const messages = [
  ...sends(
    EXAMPLE_NAMES.filter((name) => !/^(read|pin)/.test(name)),
    async (stage, request) => {
      const answer = await call(stage, "POST", [stage.emulator.account.phoneNumberId, "messages"], request as object);
      return answer.messages[0].id as string;
    },
  ),
  ...sends(["read", "read.typing"], async (stage, request) => {
    const path = [stage.emulator.account.phoneNumberId, "messages"];
    expect(await call(stage, "POST", path, request as object)).toEqual({ success: true });
    return undefined;
  }),
];

const account = [
  ...accountOperations({
    "phone number": async (stage, { phoneNumberId }) => call(stage, "GET", [phoneNumberId]),
    "phone numbers": async (stage) => {
      const found = await throughAgent(stage, async () =>
        accountOf(stage).getPhoneNumbers(["id", "display_phone_number"]),
      );
      return { data: found.map(({ id }: Loose) => ({ id })) };
    },
    "business account": async (stage) => {
      const found = await throughAgent(stage, async () => accountOf(stage).read(["name", "currency"]));
      return found.exportAllData();
    },
    "business profile": async (stage, { phoneNumberId }) => {
      return call(stage, "GET", [phoneNumberId, "whatsapp_business_profile"], { fields: "about,messaging_product" });
    },
  }),
  operation("subscribed apps", async (stage) => {
    await throughAgent(stage, async () => accountOf(stage).createSubscribedApp([]));
    const apps = await throughAgent(stage, async () => accountOf(stage).getSubscribedApps([]));
    expect(apps).toHaveLength(1);
  }),
  operation("templates", async (stage) => {
    const templates = await throughAgent(stage, async () => {
      return accountOf(stage).getMessageTemplates(["name", "language", "status"], { limit: 2 });
    });
    expect(templates.map(({ name, status }: Loose) => [name, status])).toEqual([
      ["hello_world", "APPROVED"],
      ["order_shipped", "APPROVED"],
    ]);
    const more = await throughAgent(stage, async () => templates.next());
    expect(more.length).toBeGreaterThan(0);
  }),
  operation("template made and deleted", async (stage) => {
    const components = [{ type: "BODY", text: "We are open again, {{1}}.", example: { body_text: [["Sheena"]] } }];
    const template = { name: "open_again", language: "en_US", category: "UTILITY", components };
    const made = await throughAgent(stage, async () => accountOf(stage).createMessageTemplate([], template));
    expect(made.exportAllData()).toMatchObject({ id: expect.any(String), category: "UTILITY" });
    const gone = await throughAgent(stage, async () => accountOf(stage).deleteMessageTemplates({ name: "open_again" }));
    expect(gone).toEqual({ success: true });
  }),
];

const errors = fails({
  text: async (stage, { to = CUSTOMER, token, phoneNumberId = stage.emulator.account.phoneNumberId }) => {
    const request = { messaging_product: "whatsapp", to, type: "text", text: { body: "Hello" } };
    return throughAgent(stage, async () => apiOf(stage, token).call("POST", [phoneNumberId, "messages"], request));
  },
  surfaced: ({ thrown }) => {
    const { code, error_subcode: subcode, message, error_data: data, fbtrace_id: trace } = (thrown as Loose).response;
    return { code, subcode, message, details: data?.details, trace };
  },
});

export const facebookBusinessSdk: Client = {
  name: NAME,
  version: versionOf(NAME),
  address: "agent of node:https",
  operations: [...messages, ...account, ...errors],
};
