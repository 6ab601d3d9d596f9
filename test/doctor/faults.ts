/** What keeps events away, each prepared at Meta, in the app or in the settings, with the sentence that wa-hook doctor ends with. */
import { emulated } from "../support/emulated.ts";
import { freePort, VERIFY_TOKEN } from "../support/http.ts";
import { altered, app, ask, listener, meta } from "./meta.ts";

type Env = Record<string, string>;

export interface Fault {
  name: string;
  /** How it ends. */
  says: string;
  /** What is so at Meta and in the app. */
  prepare(): Promise<{ env: Env; line?: string }>;
}

/** Everything right but for these settings. */
async function settings(changes: Env): Promise<{ env: Env }> {
  return { env: { ...(await meta()).env, ...changes } };
}

export const faults: readonly Fault[] = [
  {
    name: "everything right",
    says: "everything looks right: what is written to +1 555-899-2008 should arrive at http://127.0.0.1:PORT/webhook",
    prepare: meta,
  },
  {
    name: "no settings at all",
    says: "Meta cannot be asked, because no access token is set",
    prepare: async () => ({ env: { GRAPH_API_URL: (await emulated()).url } }),
  },
  {
    name: "some settings are missing",
    says: "nothing wrong was found, but not everything could be asked: WHATSAPP_BUSINESS_ACCOUNT_ID is not set, WHATSAPP_APP_ID is not set",
    async prepare() {
      const { WHATSAPP_BUSINESS_ACCOUNT_ID: _, WHATSAPP_APP_ID: __, ...env } = (await meta()).env;
      return { env };
    },
  },
  {
    name: "the access token was pasted with its quotes, and there are two app secrets",
    says: "Meta cannot be asked, because the access token is garbled",
    prepare: () => settings({ WHATSAPP_ACCESS_TOKEN: "“EAAGpasted”", APP_SECRET: "another-app-secret" }),
  },
  {
    name: "the token has expired",
    says: "Meta cannot be asked for more, because the access token is refused",
    async prepare() {
      const { env, tokens } = await meta();
      return { env: { ...env, WHATSAPP_ACCESS_TOKEN: tokens.expired } };
    },
  },
  {
    name: "the token may not use messages",
    says: "messages may not come, because the token lacks whatsapp_business_messaging",
    async prepare() {
      const { env, tokens } = await meta();
      return { env: { ...env, WHATSAPP_ACCESS_TOKEN: tokens.noMessagingScope } };
    },
  },
  {
    name: "the token is of another app",
    says: "events may go to another app, because the access token is of another app and the settings name 674898769056688",
    async prepare() {
      const { env, tokens } = await meta();
      return { env: { ...env, WHATSAPP_ACCESS_TOKEN: tokens.otherApp } };
    },
  },
  {
    name: "the token is of another business",
    says: "Meta cannot be asked about the business account 726841833107858, because the token may not use it",
    async prepare() {
      const { env, tokens } = await meta();
      return { env: { ...env, WHATSAPP_ACCESS_TOKEN: tokens.otherBusiness } };
    },
  },
  {
    name: "the app secret is of another app",
    says: "nothing is accepted because the app id and the app secret do not belong together",
    prepare: () => settings({ WHATSAPP_APP_SECRET: "another-app-secret" }),
  },
  {
    name: "the phone number id is wrong",
    says: "Meta does not show the phone number of the settings",
    prepare: () => settings({ WHATSAPP_PHONE_NUMBER_ID: "999999999999999" }),
  },
  {
    name: "the number is not registered",
    says: "nothing arrives because the number is not registered with the Cloud API (PENDING, NOT_APPLICABLE, NOT_VERIFIED)",
    prepare: () =>
      altered({
        at: /fields=display_phone_number/,
        with: { status: "PENDING", platform_type: "NOT_APPLICABLE", code_verification_status: "NOT_VERIFIED" },
      }),
  },
  {
    name: "the number is of poor quality, and open to everyone",
    says: "nothing that was asked stops events: what is written to +1 555-899-2008 should arrive at http://127.0.0.1:PORT/webhook",
    prepare: () =>
      altered({
        at: /fields=display_phone_number/,
        with: { status: "FLAGGED", quality_rating: "RED", account_mode: "LIVE" },
      }),
  },
  {
    name: "no app is subscribed to the business account",
    says: "nothing arrives because the app is not subscribed to the business account",
    async prepare() {
      const emulator = await meta();
      await ask(emulator, { method: "DELETE", path: `${emulator.account.businessAccountId}/subscribed_apps` });
      return emulator;
    },
  },
  {
    name: "only another app is subscribed to the business account",
    says: "nothing arrives because only Another app (896369251542941) gets the business account's webhooks",
    async prepare() {
      const emulator = await meta();
      const path = `${emulator.account.businessAccountId}/subscribed_apps`;
      await ask(emulator, { method: "POST", path, token: emulator.tokens.otherApp });
      await ask(emulator, { method: "DELETE", path });
      return emulator;
    },
  },
  {
    name: "the app has no subscription to WhatsApp",
    says: "nothing arrives because the app has no subscription to WhatsApp",
    prepare: emulated,
  },
  {
    name: "the app's subscription is not active",
    says: "nothing arrives because the app's subscription to WhatsApp is not active",
    prepare: () =>
      altered({
        at: /\/subscriptions/,
        with: {
          data: [
            {
              object: "whatsapp_business_account",
              callback_url: "https://example.com/webhook",
              active: false,
              fields: ["messages"],
            },
          ],
        },
      }),
  },
  {
    name: "the app has not subscribed to the field messages",
    says: "nothing arrives because the app is not subscribed to the field messages",
    async prepare() {
      const url = await listener();
      const emulator = await meta(url);
      const [path, token] = [`${emulator.account.appId}/subscriptions`, emulator.tokens.app];
      const object = "whatsapp_business_account";
      const callback = { callback_url: url, verify_token: VERIFY_TOKEN, fields: "account_update" };
      await ask(emulator, { method: "POST", path, token, json: { object, ...callback } });
      await ask(emulator, { method: "DELETE", path: `${path}?object=${object}&fields=messages`, token });
      return emulator;
    },
  },
  {
    name: "the number has a callback of its own, elsewhere",
    says: "nothing arrives here because the number's own callback, http://127.0.0.1:PORT/elsewhere, gets the messages",
    async prepare() {
      const url = await listener();
      const emulator = await meta(url);
      const elsewhere = new URL("/elsewhere", await app({})).href;
      const configuration = { override_callback_uri: elsewhere, verify_token: VERIFY_TOKEN };
      const path = emulator.account.phoneNumberId;
      await ask(emulator, { method: "POST", path, json: { webhook_configuration: configuration } });
      return { env: emulator.env, line: `doctor --url ${url}` };
    },
  },
  {
    name: "the app is down",
    says: "nothing arrives because the callback cannot be reached: connection refused at http://127.0.0.1:PORT",
    prepare: async () => meta(`http://127.0.0.1:${await freePort()}/webhook`),
  },
  {
    name: "the app has another verify token",
    says: "nothing arrives because the app refuses the verify token of the settings (status 403)",
    prepare: async () => meta(await listener({ verifyToken: "another-verify-token" })),
  },
  {
    name: "the app has another app secret",
    says: "nothing arrives because the app refuses what is signed with the app secret of the settings (status 401)",
    prepare: async () => meta(await listener({ appSecret: "another-app-secret" })),
  },
  {
    name: "the app answers 500",
    says: "nothing arrives because the app does not take deliveries (status 500)",
    prepare: async () => meta(await app({ post: 500 })),
  },
  {
    name: "the app puts quotes around the challenge",
    says: "nothing arrives because the callback fails the handshake",
    prepare: async () => meta(await app({ quoted: true })),
  },
  {
    name: "the callback is http",
    says: "nothing arrives because Meta cannot call http://webhooks.example.com/webhook",
    prepare: () => meta("http://webhooks.example.com/webhook"),
  },
  {
    name: "the callback is at home",
    says: "nothing arrives because Meta cannot call https://192.168.1.20/webhook",
    prepare: () => meta("https://192.168.1.20/webhook"),
  },
  {
    name: "the tunnel shows a warning page",
    says: "nothing arrives because the tunnel shows a warning page instead of the app",
    prepare: async () => meta(await app({ edge: [200, "ERR_NGROK_6024"] })),
  },
  {
    name: "the tunnel is offline",
    says: "nothing arrives because the tunnel that the callback leads to is offline",
    prepare: async () => meta(await app({ edge: [404, "ERR_NGROK_3200"] })),
  },
  {
    name: "this machine's clock is wrong",
    says: "nothing that was asked stops events, but this machine's clock is 2 days behind Meta's",
    async prepare() {
      const emulator = await meta();
      emulator.advance(2 * 24 * 3_600_000);
      return emulator;
    },
  },
  {
    name: "Meta's newest delivery failed",
    says: "nothing that was asked stops events now, but Meta's newest delivery failed",
    async prepare() {
      const answers = { post: 503 };
      const emulator = await meta(await app(answers));
      const json = { messaging_product: "whatsapp", to: "+16505551234", text: { body: "Hello" } };
      await ask(emulator, { method: "POST", path: `${emulator.account.phoneNumberId}/messages`, json });
      await emulator.settled();
      answers.post = 200;
      return emulator;
    },
  },
  {
    name: "an older delivery failed, the newest did not",
    says: "everything looks right: what is written to +1 555-899-2008 should arrive at http://127.0.0.1:PORT/webhook",
    prepare() {
      const old = { delivery_status: "DELIVERED", timestamp: 1_785_240_800, webhook_update_state: "ERROR" };
      const newest = { delivery_status: "DELIVERED", timestamp: 1_785_492_800, webhook_update_state: "SUCCESS" };
      return altered({ at: /message_history/, with: { data: [{ message_id: "1", events: { data: [old, newest] } }] } });
    },
  },
  {
    name: "Meta shows its record of deliveries to other apps only",
    says: "everything looks right: what is written to +1 555-899-2008 should arrive at http://127.0.0.1:PORT/webhook",
    prepare: () =>
      altered({
        at: /message_history/,
        with: { error: { code: 10, message: "(#10) Application does not have permission for this action" } },
        status: 403,
      }),
  },
  {
    name: "the app cannot have been published",
    says: "nothing that was asked stops events, but the app may be in development mode",
    prepare: () => altered({ at: /privacy_policy_url/, with: { id: "674898769056688" }, status: 200 }),
  },
  {
    name: "Meta cannot be reached",
    says: "nobody answers at http://127.0.0.1:PORT",
    prepare: async () => settings({ GRAPH_API_URL: `http://127.0.0.1:${await freePort()}` }),
  },
];
