/** Causes of missing webhooks at Meta, in the app and in the settings, each with the conclusion of wa-hook doctor. */
import { emulated } from "../support/emulated.ts";
import { VERIFY_TOKEN } from "../support/http.ts";
import { accountFaults } from "./account-faults.ts";
import type { Env, Fault } from "./fault.ts";
import { altered, app, ask, listener, meta } from "./meta.ts";

/** Nothing listens there; a free port could be taken by another test meanwhile. */
const NOBODY = "http://127.0.0.1:2";

/** A working setup with these settings changed. */
async function settings(changes: Env): Promise<{ env: Env }> {
  return { env: { ...(await meta()).env, ...changes } };
}

export const faults: readonly Fault[] = [
  {
    name: "no fault",
    concludes: "all checks passed: messages to +1 555-899-2008 should arrive at http://127.0.0.1:PORT/webhook",
    prepare: meta,
  },
  {
    name: "no settings",
    concludes: "the diagnosis is incomplete because no access token is set",
    prepare: async () => ({ env: { GRAPH_API_URL: (await emulated()).url } }),
  },
  {
    name: "some settings are missing",
    concludes:
      "no check failed, but some were skipped: WHATSAPP_BUSINESS_ACCOUNT_ID is not set, WHATSAPP_APP_ID is not set",
    async prepare() {
      const { WHATSAPP_BUSINESS_ACCOUNT_ID: _, WHATSAPP_APP_ID: __, ...env } = (await meta()).env;
      return { env };
    },
  },
  {
    name: "the access token was pasted with its quotes, and there are two app secrets",
    concludes: "the diagnosis is incomplete because the access token is malformed",
    prepare: () => settings({ WHATSAPP_ACCESS_TOKEN: "“EAAGpasted”", APP_SECRET: "another-app-secret" }),
  },
  {
    name: "the token has expired",
    concludes: "the diagnosis is incomplete because Meta rejects the access token",
    async prepare() {
      const { env, tokens } = await meta();
      return { env: { ...env, WHATSAPP_ACCESS_TOKEN: tokens.expired } };
    },
  },
  {
    name: "the token lacks the permission to send messages",
    concludes: "messages may not arrive because the token lacks whatsapp_business_messaging",
    async prepare() {
      const { env, tokens } = await meta();
      return { env: { ...env, WHATSAPP_ACCESS_TOKEN: tokens.noMessagingScope } };
    },
  },
  {
    name: "the token belongs to another app",
    concludes: "webhooks may go to another app: the access token belongs to another app, not to 674898769056688",
    async prepare() {
      const { env, tokens } = await meta();
      return { env: { ...env, WHATSAPP_ACCESS_TOKEN: tokens.otherApp } };
    },
  },
  {
    name: "the token belongs to another business",
    concludes: "the diagnosis is incomplete because the token has no access to the WABA 726841833107858",
    async prepare() {
      const { env, tokens } = await meta();
      return { env: { ...env, WHATSAPP_ACCESS_TOKEN: tokens.otherBusiness } };
    },
  },
  {
    name: "the app secret belongs to another app",
    concludes: "Meta rejects all requests because the app ID and the app secret do not match",
    prepare: () => settings({ WHATSAPP_APP_SECRET: "another-app-secret" }),
  },
  {
    name: "the phone number id is wrong",
    concludes: "the diagnosis is incomplete because Meta denies access to the configured phone number",
    prepare: () => settings({ WHATSAPP_PHONE_NUMBER_ID: "999999999999999" }),
  },
  {
    name: "the number is not registered",
    concludes:
      "no webhooks arrive because the phone number is not registered with the Cloud API (PENDING, NOT_APPLICABLE, NOT_VERIFIED)",
    prepare: () =>
      altered({
        at: /fields=display_phone_number/,
        with: { status: "PENDING", platform_type: "NOT_APPLICABLE", code_verification_status: "NOT_VERIFIED" },
      }),
  },
  {
    name: "the number has a poor quality rating, and may message any recipient",
    concludes: "no check failed: messages to +1 555-899-2008 should arrive at http://127.0.0.1:PORT/webhook",
    prepare: () =>
      altered({
        at: /fields=display_phone_number/,
        with: { status: "FLAGGED", quality_rating: "RED", account_mode: "LIVE" },
      }),
  },
  {
    name: "no app is subscribed to the business account",
    concludes: "no webhooks arrive because the app is not subscribed to the WABA",
    async prepare() {
      const emulator = await meta();
      await ask(emulator, { method: "DELETE", path: `${emulator.account.businessAccountId}/subscribed_apps` });
      return emulator;
    },
  },
  {
    name: "only another app is subscribed to the business account",
    concludes:
      "no webhooks arrive because another app is subscribed to the WABA instead: only Another app (896369251542941)",
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
    concludes: "no webhooks arrive because the app has no webhook subscription for WhatsApp",
    prepare: emulated,
  },
  {
    name: "the app's subscription is not active",
    concludes: "no webhooks arrive because the app's webhook subscription for WhatsApp is inactive",
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
    concludes: "no webhooks arrive because the app is not subscribed to the messages field",
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
    name: "the number has an override that leads elsewhere",
    concludes:
      "no webhooks arrive here because they are sent to the phone number override http://127.0.0.1:PORT/elsewhere",
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
    concludes: "no webhooks arrive because the callback cannot be reached: connection refused at http://127.0.0.1:2",
    prepare: async () => meta(`${NOBODY}/webhook`),
  },
  {
    name: "the app has another verify token",
    concludes: "no webhooks arrive because the app rejects the configured verify token (status 403)",
    prepare: async () => meta(await listener({ verifyToken: "another-verify-token" })),
  },
  {
    name: "the app has another app secret",
    concludes:
      "no webhooks arrive because the app rejects deliveries signed with the configured app secret (status 401)",
    prepare: async () => meta(await listener({ appSecret: "another-app-secret" })),
  },
  {
    name: "the app responds with 500",
    concludes: "no webhooks arrive because the app does not accept deliveries (status 500)",
    prepare: async () => meta(await app({ post: 500 })),
  },
  {
    name: "the app puts quotes around the challenge",
    concludes: "no webhooks arrive because the callback fails the handshake",
    prepare: async () => meta(await app({ quoted: true })),
  },
  {
    name: "the callback is not HTTPS",
    concludes: "no webhooks arrive because Meta cannot reach http://webhooks.example.com/webhook",
    prepare: () => meta("http://webhooks.example.com/webhook"),
  },
  {
    name: "the callback is in a private network",
    concludes: "no webhooks arrive because Meta cannot reach https://192.168.1.20/webhook",
    prepare: () => meta("https://192.168.1.20/webhook"),
  },
  {
    name: "the tunnel shows a warning page",
    concludes: "no webhooks arrive because the tunnel responds with a warning page instead of the app",
    prepare: async () => meta(await app({ edge: [200, "ERR_NGROK_6024"] })),
  },
  {
    name: "the tunnel is offline",
    concludes: "no webhooks arrive because the callback leads to a tunnel that is offline",
    prepare: async () => meta(await app({ edge: [404, "ERR_NGROK_3200"] })),
  },
  ...accountFaults,
  {
    name: "this machine's clock is wrong",
    concludes: "no check failed, but this machine's clock is 2 days behind Meta's",
    async prepare() {
      const emulator = await meta();
      emulator.advance(2 * 24 * 3_600_000);
      return emulator;
    },
  },
  {
    name: "Meta's last delivery failed",
    concludes: "no check failed, but Meta's last delivery failed",
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
    name: "Meta's last delivery to a public callback failed",
    concludes: "no check failed, but Meta's last delivery failed: check the app's log at that time; without a request",
    prepare() {
      const event = {
        delivery_status: "SENT",
        timestamp: 1_785_492_800,
        webhook_update_state: "ERROR",
        webhook_uri: "https://hooks.example.com/webhook",
      };
      return altered({ at: /message_history/, with: { data: [{ message_id: "1", events: { data: [event] } }] } });
    },
  },
  {
    name: "an older delivery failed, the last one succeeded",
    concludes: "all checks passed: messages to +1 555-899-2008 should arrive at http://127.0.0.1:PORT/webhook",
    prepare() {
      const old = { delivery_status: "DELIVERED", timestamp: 1_785_240_800, webhook_update_state: "ERROR" };
      const newest = { delivery_status: "DELIVERED", timestamp: 1_785_492_800, webhook_update_state: "SUCCESS" };
      return altered({ at: /message_history/, with: { data: [{ message_id: "1", events: { data: [old, newest] } }] } });
    },
  },
  {
    name: "Meta denies access to its delivery history",
    concludes: "all checks passed: messages to +1 555-899-2008 should arrive at http://127.0.0.1:PORT/webhook",
    prepare: () =>
      altered({
        at: /message_history/,
        with: { error: { code: 10, message: "(#10) Application does not have permission for this action" } },
        status: 403,
      }),
  },
  {
    name: "the app has no privacy policy URL",
    concludes: "no check failed, but the app may be in development mode",
    prepare: () => altered({ at: /privacy_policy_url/, with: { id: "674898769056688" }, status: 200 }),
  },
  {
    name: "Meta cannot be reached",
    concludes: "http://127.0.0.1:2 refused the connection",
    prepare: async () => settings({ GRAPH_API_URL: NOBODY }),
  },
];
