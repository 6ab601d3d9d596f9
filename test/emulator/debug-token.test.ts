/** Token inspection with `debug_token`, and the OAuth routes. */
import { describe, expect, test } from "vitest";

import type { TokenName } from "../../src/emulator/options.ts";
import { startTestEmulator } from "./test-emulator.ts";

const DAY = 86_400;
const OAUTH = "OAuthException";

describe("debug_token", () => {
  const inspect = async (of: string, by: TokenName | null) => {
    const emulated = await startTestEmulator();
    const { tokens } = emulated.emulator;
    const input = tokens[of as TokenName] ?? of;
    const answered = await emulated.ask(`/v25.0/debug_token?input_token=${encodeURIComponent(input)}`, {
      token: by === null ? null : tokens[by],
    });
    return { ...answered, ...emulated };
  };

  test("describes a system user token", async () => {
    const { status, json, emulator } = await inspect("permanent", "app");
    const { appId, businessAccountId } = emulator.account;
    expect(status).toBe(200);
    expect(json).toEqual({
      data: {
        app_id: appId,
        type: "SYSTEM_USER",
        application: "wa-hook emulator",
        data_access_expires_at: 0,
        expires_at: 0,
        is_valid: true,
        issued_at: expect.any(Number),
        scopes: ["whatsapp_business_management", "whatsapp_business_messaging", "public_profile"],
        granular_scopes: [
          { scope: "whatsapp_business_management", target_ids: [businessAccountId] },
          { scope: "whatsapp_business_messaging", target_ids: [businessAccountId] },
        ],
        user_id: expect.stringMatching(/^\d+$/),
      },
    });
  });

  test("reports the expiry of a user token and of its data access", async () => {
    const { json } = await inspect("temporary", "app");
    const { issued_at: issued, expires_at: until, data_access_expires_at: data, type } = json.data;
    expect([type, until - issued, data - issued]).toEqual(["USER", DAY, 90 * DAY]);
  });

  test("responds with 200 for expired and invalidated tokens", async () => {
    const expired = await inspect("expired", "app");
    expect(expired).toMatchObject({
      status: 200,
      json: {
        data: {
          is_valid: false,
          scopes: [],
          error: { code: 190, subcode: 463, message: expect.stringContaining("Session has expired") },
        },
      },
    });
    expect(expired.json.data.granular_scopes).toBeUndefined();
    expect((await inspect("loggedOut", "app")).json.data.error.subcode).toBe(467);
    expect((await inspect("garbage", "app")).json).toEqual({
      data: {
        error: { code: 190, message: "Invalid OAuth access token - Cannot parse access token" },
        is_valid: false,
        scopes: [],
      },
    });
  });

  test("describes the app token without expiry and user", async () => {
    const { json, emulator } = await inspect("app", "app");
    expect(json.data).toEqual({
      app_id: emulator.account.appId,
      type: "APP",
      application: "wa-hook emulator",
      is_valid: true,
      scopes: [],
    });
  });

  test("allows a system user to inspect its own token, and a developer all tokens of the app", async () => {
    expect((await inspect("permanent", "permanent")).json.data.is_valid).toBe(true);
    expect((await inspect("sixtyDays", "temporary")).json.data.is_valid).toBe(true);
    expect((await inspect("otherApp", "otherApp")).json.data.is_valid).toBe(true);
  });

  test.each<[of: TokenName, by: TokenName | null, message: string]>([
    ["permanent", "sixtyDays", "(#100) You must provide an app access token"],
    ["otherBusiness", "otherBusiness", "(#100) You must provide an app access token"],
    ["permanent", null, "(#100) You must provide an app access token"],
    ["otherApp", "app", "(#100) The App_id in the input_token did not match the Viewing App"],
    ["permanent", "otherApp", "(#100) The App_id in the input_token did not match the Viewing App"],
  ])("of %s by %s is refused", async (of, by, message) => {
    const { status, json } = await inspect(of, by);
    expect(status).toBe(400);
    expect(json.error).toMatchObject({ code: 100, type: OAUTH, message: expect.stringContaining(message) });
  });

  test("requires input_token and a valid token of the caller", async () => {
    const { ask, emulator } = await startTestEmulator();
    expect((await ask("/debug_token", { token: emulator.tokens.app })).json.error.message).toBe(
      "(#100) The parameter input_token is required.",
    );
    expect(
      (await ask(`/debug_token?input_token=${emulator.tokens.expired}`, { token: emulator.tokens.expired })).json.error
        .code,
    ).toBe(190);
  });
});

describe("oauth", () => {
  const started = async () => {
    const emulated = await startTestEmulator();
    const { appId, appSecret } = emulated.emulator.account;
    const client = { client_id: appId, client_secret: appSecret };
    const grant = (parameters: Record<string, string>) =>
      emulated.ask(`/v25.0/oauth/access_token?${String(new URLSearchParams({ ...client, ...parameters }))}`, {
        token: null,
      });
    const exchange = (token: string, more = {}) =>
      grant({ grant_type: "fb_exchange_token", fb_exchange_token: token, ...more });
    return { ...emulated, client, grant, exchange };
  };

  test("exchanges a temporary token for one of 60 days, with GET and POST", async () => {
    const { emulator, ask, exchange, client } = await started();
    const { json } = await exchange(emulator.tokens.temporary);
    expect(json).toEqual({ access_token: expect.stringMatching(/^EAA/), token_type: "bearer", expires_in: 5_183_944 });
    const seen = await ask(`/debug_token?input_token=${json.access_token}`, { token: emulator.tokens.app });
    expect(seen.json.data).toMatchObject({ is_valid: true, type: "USER" });
    expect(seen.json.data.expires_at - seen.json.data.issued_at).toBe(5_183_944);
    const form = new URLSearchParams({
      ...client,
      grant_type: "fb_exchange_token",
      fb_exchange_token: emulator.tokens.temporary,
    });
    expect((await ask("/oauth/access_token", { token: null, body: form })).json.expires_in).toBe(5_183_944);
  });

  test("renews a 60-day system user token, and the old token stays valid", async () => {
    const { emulator, exchange, send } = await started();
    const { json } = await exchange(emulator.tokens.sixtyDays, { set_token_expires_in_60_days: "true" });
    expect(json.access_token).not.toBe(emulator.tokens.sixtyDays);
    expect((await send({}, { token: json.access_token })).status).toBe(200);
    expect((await send({}, { token: emulator.tokens.sixtyDays })).status).toBe(200);
    expect((await exchange(emulator.tokens.permanent)).json.expires_in).toBeUndefined();
  });

  test("returns the app token", async () => {
    const { emulator, grant } = await started();
    const { json } = await grant({ grant_type: "client_credentials" });
    expect(json).toEqual({ access_token: emulator.tokens.app, token_type: "bearer" });
  });

  test("rejects a wrong secret, an unknown app, an invalid token and codes", async () => {
    const { emulator, exchange, grant } = await started();
    expect((await grant({ client_secret: "wrong" })).json.error).toMatchObject({
      code: 1,
      message: "Error validating client secret.",
    });
    expect((await grant({ client_id: "1" })).json.error.code).toBe(101);
    expect((await exchange(emulator.tokens.expired)).json.error).toMatchObject({ code: 190, error_subcode: 463 });
    expect((await exchange("garbage")).json.error.code).toBe(190);
    expect((await exchange(emulator.tokens.otherApp)).json.error.code).toBe(190);
    expect((await grant({ grant_type: "fb_exchange_token" })).json.error.message).toBe(
      "(#100) The parameter fb_exchange_token is required.",
    );
    expect((await grant({ code: "AQ1" })).json.error.message).toBe("Invalid verification code format.");
    expect((await grant({})).json.error.message).toContain("grant_type");
  });

  test("revokes a token", async () => {
    const { emulator, ask, client, send } = await started();
    const { sixtyDays, permanent } = emulator.tokens;
    const query = new URLSearchParams({ ...client, revoke_token: sixtyDays, access_token: permanent });
    expect((await ask(`/oauth/revoke?${String(query)}`, { token: null })).json).toEqual({ success: true });
    expect((await send({}, { token: sixtyDays })).json.error).toMatchObject({ code: 190, error_subcode: 466 });
    emulator.reset();
    expect((await send({}, { token: sixtyDays })).status).toBe(200);
  });
});
