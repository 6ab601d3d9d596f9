/** Allowed callback URLs: webhooks signed with a real app secret stay on this machine. */
import { describe, expect, test } from "vitest";

import { startEmulator } from "../../src/emulator/server.ts";
import { serve } from "../support/http.ts";
import { anApp, startTestEmulator, QUIET } from "./test-emulator.ts";

const account = { appSecret: "test-app-secret" };
const HERE = ["http://localhost:8000/webhook", "http://127.8.9.1/webhook", "https://[::1]:8000/webhook"];
const ELSEWHERE = [
  "https://example.com/webhook",
  "http://localhost.example.com/webhook",
  "http://localhost@example.com/webhook",
  "http://127.0.0.1.example.com/webhook",
  "http://localhost./webhook",
  "http://0.0.0.0:8000/webhook",
  "http://192.168.0.7/webhook",
  "http://[::ffff:192.168.0.7]/webhook",
];

describe("with a configured app secret", () => {
  test.each(HERE)("the callback URL %s is allowed", async (webhook) => {
    const emulator = await startEmulator({ account, webhook });
    expect(emulator.url).toContain("127.0.0.1");
    await emulator.close();
  });

  test.each(ELSEWHERE)("the emulator rejects the option webhook: %s", async (webhook) => {
    const error = { name: "UsageError", message: expect.stringContaining("is not on this machine") };
    await expect(startEmulator({ account, webhook })).rejects.toMatchObject(error);
  });

  test.each(ELSEWHERE)("the API rejects the callback URL %s", async (url) => {
    const { emulator, ask } = await startTestEmulator({ ...QUIET, account });
    const { appId, businessAccountId, phoneNumberId } = emulator.account;
    const json = { override_callback_uri: url, verify_token: "test-verify-token" };
    const { override_callback_uri: callback_url, verify_token } = json;
    const subscription = { object: "whatsapp_business_account", fields: "messages", callback_url, verify_token };
    const answers = [
      await ask(`/${businessAccountId}/subscribed_apps`, { json }),
      await ask(`/${phoneNumberId}`, { json: { webhook_configuration: json } }),
      await ask(`/${appId}/subscriptions`, { token: emulator.tokens.app, json: subscription }),
    ];
    for (const answer of answers) {
      expect(answer).toMatchObject({ status: 400, json: { error: { code: 2200 } } });
      expect(answer.json.error.message).toContain("signed with your own app secret");
    }
  });

  test("the control API does not expose the app token, which contains the secret", async () => {
    const { ask, emulator } = await startTestEmulator({ ...QUIET, account });
    const { text } = await ask("/_wa-hook/tokens", { token: null });
    expect(text).not.toContain(account.appSecret);
    expect(emulator.tokens.app).toContain(account.appSecret);
  });
});

test("with a generated secret or callbacks: anywhere, every host is allowed", async () => {
  for (const options of [{}, { account, callbacks: "anywhere" as const }]) {
    const emulator = await startEmulator({ ...options, webhook: "https://example.com/webhook" });
    const { text } = { text: await (await fetch(`${emulator.url}/_wa-hook/tokens`)).text() };
    expect(text).toContain(emulator.tokens.app);
    await emulator.close();
  }
});

describe("a callback handshake", () => {
  test("does not follow redirects and accepts http and https URLs only", async () => {
    const app = await anApp();
    const { url } = await serve((request, response) => {
      response.writeHead(302, { location: `${app.url}${new URL(request.url ?? "", "http://app").search}` }).end();
    });
    const { emulator, ask } = await startTestEmulator();
    const path = `/${emulator.account.businessAccountId}/subscribed_apps`;
    const set = (uri: string) => ask(path, { json: { override_callback_uri: uri, verify_token: app.verifyToken } });
    expect((await set(url)).json.error.message).toContain("HTTP Status Code = 302");
    for (const other of ["ftp://127.0.0.1/", "file:///etc/passwd", "javascript:alert(1)", "data:,x"]) {
      expect((await set(other)).json.error.error_data.details).toContain("is not an HTTP URL");
    }
    expect((await set(`${app.url}?${"x".repeat(200)}`)).json.error.message).toContain("at most 200");
  });

  test("stops reading an endless response", async () => {
    const { url } = await serve((_, response) => {
      response.on("error", () => undefined);
      const more = () => {
        while (!response.destroyed && response.write("x".repeat(16_384)));
        response.once("drain", more);
      };
      more();
    });
    const { emulator, ask } = await startTestEmulator();
    const json = { override_callback_uri: url, verify_token: "test-verify-token" };
    const { status } = await ask(`/${emulator.account.businessAccountId}/subscribed_apps`, { json });
    expect(status).toBe(400);
  });
});
