/** Tokens of every state, where they may be used, and what is given for them. */
import { createHmac } from "node:crypto";

import { describe, expect, test } from "vitest";

import type { TokenName } from "../../src/emulator/tokens.ts";
import { emulating, hello, QUIET } from "./emulating.ts";

const DAY = 86_400;
const OAUTH = "OAuthException";

describe("a message with a token", () => {
  test.each<[TokenName, number, object]>([
    [
      "expired",
      401,
      {
        code: 190,
        error_subcode: 463,
        type: OAUTH,
        message: expect.stringMatching(
          /^Error validating access token: Session has expired on [A-Z][a-z]+day, \d\d-[A-Z][a-z]{2}-\d\d \d\d:\d\d:\d\d P[DS]T\. The current time is [A-Z][a-z]+day, .* P[DS]T\.$/,
        ),
      },
    ],
    ["loggedOut", 401, { code: 190, error_subcode: 467, type: OAUTH }],
    ["noMessagingScope", 403, { code: 200, type: OAUTH }],
    [
      "otherBusiness",
      400,
      {
        code: 100,
        error_subcode: 33,
        type: "GraphMethodException",
        message: expect.stringContaining("Unsupported post request. Object with ID '"),
      },
    ],
    ["app", 400, { code: 100, error_subcode: 33 }],
  ])("that is %s is refused", async (name, status, error) => {
    const { emulator, send } = await emulating();
    const answered = await send({}, { token: emulator.tokens[name] });
    expect(answered.status).toBe(status);
    expect(answered.json.error).toMatchObject(error);
  });

  test.each<TokenName>(["lasting", "temporary", "sixtyDays", "otherApp"])("that is %s is accepted", async (name) => {
    const { emulator, send } = await emulating();
    expect((await send({}, { token: emulator.tokens[name] })).status).toBe(200);
  });

  test("that is none, or is missing, is refused", async () => {
    const { emulator, send } = await emulating();
    const garbage = await send({}, { token: "EAAGgarbage" });
    expect(garbage).toMatchObject({
      status: 401,
      json: { error: { code: 190, message: "Invalid OAuth access token - Cannot parse access token" } },
    });
    expect(garbage.headers.get("www-authenticate")).toContain('"invalid_token"');
    const signature = await send({}, { token: `${emulator.account.appId}|wrong` });
    expect(signature.json.error).toMatchObject({ code: 190, message: "Invalid OAuth access token signature." });
    const nothing = await send({}, { token: null });
    expect(nothing).toMatchObject({ status: 401, json: { error: { code: 104, type: OAUTH } } });
  });

  test("may bring it in the query or in the body", async () => {
    const { emulator, ask } = await emulating();
    const { accessToken, phoneNumberId } = emulator.account;
    const path = `/v25.0/${phoneNumberId}/messages`;
    expect((await ask(`${path}?access_token=${accessToken}`, { token: null, json: hello(emulator) })).status).toBe(200);
    expect((await ask(path, { token: null, json: { ...hello(emulator), access_token: accessToken } })).status).toBe(
      200,
    );
    expect(JSON.stringify(emulator.requests)).not.toContain(accessToken);
  });

  test("expires while time goes by", async () => {
    const { emulator, send } = await emulating();
    emulator.advance(25 * 3_600_000);
    expect((await send({}, { token: emulator.tokens.temporary })).json.error.error_subcode).toBe(463);
    expect((await send({}, { token: emulator.tokens.sixtyDays })).status).toBe(200);
  });
});

test("a token without the management permission may not read the account", async () => {
  const { emulator, ask } = await emulating();
  const { phoneNumberId } = emulator.account;
  expect((await ask(`/${phoneNumberId}`, { token: emulator.tokens.noMessagingScope })).status).toBe(200);
  expect((await ask("/123456", {})).json.error).toMatchObject({
    code: 100,
    error_subcode: 33,
    message: expect.stringContaining("Unsupported get request. Object with ID '123456'"),
  });
});

describe("appsecret_proof", () => {
  const proofOf = (token: string, secret: string) => createHmac("sha256", secret).update(token).digest("hex");

  test("is compared when it is there", async () => {
    const { emulator, ask } = await emulating();
    const { accessToken, appSecret, phoneNumberId } = emulator.account;
    const path = (proof: string) => `/${phoneNumberId}?appsecret_proof=${proof}`;
    expect((await ask(path(proofOf(accessToken, appSecret)))).status).toBe(200);
    expect((await ask(path("00"))).json.error).toMatchObject({
      code: 100,
      type: "GraphMethodException",
      message: "Invalid appsecret_proof provided in the API argument",
    });
    expect(
      (await ask(path(proofOf(emulator.tokens.otherApp, appSecret)), { token: emulator.tokens.otherApp })).status,
    ).toBe(400);
  });

  test("may be signed with the time", async () => {
    const { emulator, ask } = await emulating();
    const { accessToken, appSecret, phoneNumberId } = emulator.account;
    const path = (time: number) =>
      `/${phoneNumberId}?appsecret_time=${time}&appsecret_proof=${proofOf(`${accessToken}|${time}`, appSecret)}`;
    const now = Math.floor(Date.now() / 1000);
    expect((await ask(path(now))).status).toBe(200);
    expect((await ask(path(now - 600))).status).toBe(400);
  });

  test("can be required", async () => {
    const { emulator, send, ask } = await emulating({ ...QUIET, requireProof: true });
    const { accessToken, appSecret, phoneNumberId } = emulator.account;
    expect((await send()).json.error).toMatchObject({
      code: 100,
      message: "API calls from the server require an appsecret_proof argument",
    });
    expect((await ask(`/${phoneNumberId}?appsecret_proof=${proofOf(accessToken, appSecret)}`)).status).toBe(200);
  });
});

describe("debug_token", () => {
  const inspect = async (of: TokenName | string, by: TokenName | null, options = QUIET) => {
    const emulated = await emulating(options);
    const { tokens } = emulated.emulator;
    const input = tokens[of as TokenName] ?? of;
    const answered = await emulated.ask(`/v25.0/debug_token?input_token=${encodeURIComponent(input)}`, {
      token: by === null ? null : tokens[by],
    });
    return { ...answered, ...emulated };
  };

  test("tells all of a system user's token", async () => {
    const { status, json, emulator } = await inspect("lasting", "app");
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

  test("tells until when a developer's token is good, and until when its data", async () => {
    const { json } = await inspect("temporary", "app");
    const { issued_at: issued, expires_at: until, data_access_expires_at: data, type } = json.data;
    expect([type, until - issued, data - issued]).toEqual(["USER", DAY, 90 * DAY]);
  });

  test("answers 200 for tokens that are no longer good", async () => {
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

  test("tells little of the app's own token", async () => {
    const { json, emulator } = await inspect("app", "app");
    expect(json.data).toEqual({
      app_id: emulator.account.appId,
      type: "APP",
      application: "wa-hook emulator",
      is_valid: true,
      scopes: [],
    });
  });

  test("lets a system user look at itself, and a developer at all tokens of the app", async () => {
    expect((await inspect("lasting", "lasting")).json.data.is_valid).toBe(true);
    expect((await inspect("sixtyDays", "temporary")).json.data.is_valid).toBe(true);
    expect((await inspect("otherApp", "otherApp")).json.data.is_valid).toBe(true);
  });

  test.each<[of: TokenName, by: TokenName | null, message: string]>([
    ["lasting", "sixtyDays", "(#100) You must provide an app access token"],
    ["otherBusiness", "otherBusiness", "(#100) You must provide an app access token"],
    ["lasting", null, "(#100) You must provide an app access token"],
    ["otherApp", "app", "(#100) The App_id in the input_token did not match the Viewing App"],
    ["lasting", "otherApp", "(#100) The App_id in the input_token did not match the Viewing App"],
  ])("of %s by %s is refused", async (of, by, message) => {
    const { status, json } = await inspect(of, by);
    expect(status).toBe(400);
    expect(json.error).toMatchObject({ code: 100, type: OAUTH, message: expect.stringContaining(message) });
  });

  test("wants to know which token, from a caller whose own is good", async () => {
    const { ask, emulator } = await emulating();
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
    const emulated = await emulating();
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

  test("gives sixty days for a token of a day, also to a POST", async () => {
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

  test("renews a system user's sixty days, and the old token stays good", async () => {
    const { emulator, exchange, send } = await started();
    const { json } = await exchange(emulator.tokens.sixtyDays, { set_token_expires_in_60_days: "true" });
    expect(json.access_token).not.toBe(emulator.tokens.sixtyDays);
    expect((await send({}, { token: json.access_token })).status).toBe(200);
    expect((await send({}, { token: emulator.tokens.sixtyDays })).status).toBe(200);
    expect((await exchange(emulator.tokens.lasting)).json.expires_in).toBeUndefined();
  });

  test("gives the app's own token", async () => {
    const { emulator, grant } = await started();
    const { json } = await grant({ grant_type: "client_credentials" });
    expect(json).toEqual({ access_token: emulator.tokens.app, token_type: "bearer" });
  });

  test("refuses a wrong secret, an unknown app, a token that is not good, and codes", async () => {
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
    expect((await grant({ code: "AQ1" })).json.error.message).toBe("(#100) Invalid verification code format.");
    expect((await grant({})).json.error.message).toContain("grant_type");
  });

  test("revokes a token", async () => {
    const { emulator, ask, client, send } = await started();
    const { sixtyDays, lasting } = emulator.tokens;
    const query = new URLSearchParams({ ...client, revoke_token: sixtyDays, access_token: lasting });
    expect((await ask(`/oauth/revoke?${String(query)}`, { token: null })).json).toEqual({ success: true });
    expect((await send({}, { token: sixtyDays })).json.error).toMatchObject({ code: 190, error_subcode: 466 });
    emulator.reset();
    expect((await send({}, { token: sixtyDays })).status).toBe(200);
  });
});

test("who asks is a system user or a developer, and not an app", async () => {
  const { emulator, ask } = await emulating();
  expect((await ask("/me")).json).toEqual({ name: "Emulated system user", id: expect.any(String) });
  expect((await ask("/v25.0/me", { token: emulator.tokens.temporary })).json.name).toBe("Emulated developer");
  for (const token of [null, emulator.tokens.app]) {
    expect((await ask("/me", { token })).json.error).toMatchObject({
      code: 2500,
      message: "An active access token must be used to query information about the current user.",
    });
  }
});
