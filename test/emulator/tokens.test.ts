/** Tokens in each state, where they are accepted, and appsecret_proof. */
import { createHmac } from "node:crypto";

import { describe, expect, test } from "vitest";

import type { TokenName } from "../../src/emulator/options.ts";
import { startTestEmulator, hello, QUIET } from "./test-emulator.ts";

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
    const { emulator, send } = await startTestEmulator();
    const answered = await send({}, { token: emulator.tokens[name] });
    expect(answered.status).toBe(status);
    expect(answered.json.error).toMatchObject(error);
  });

  test.each<TokenName>(["permanent", "temporary", "sixtyDays", "otherApp"])("that is %s is accepted", async (name) => {
    const { emulator, send } = await startTestEmulator();
    expect((await send({}, { token: emulator.tokens[name] })).status).toBe(200);
  });

  test("that is invalid or missing is rejected", async () => {
    const { emulator, send } = await startTestEmulator();
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

  test("accepts the token in the query or in the body", async () => {
    const { emulator, ask } = await startTestEmulator();
    const { accessToken, phoneNumberId } = emulator.account;
    const path = `/v25.0/${phoneNumberId}/messages`;
    expect((await ask(`${path}?access_token=${accessToken}`, { token: null, json: hello(emulator) })).status).toBe(200);
    expect((await ask(path, { token: null, json: { ...hello(emulator), access_token: accessToken } })).status).toBe(
      200,
    );
    expect(JSON.stringify(emulator.requests)).not.toContain(accessToken);
  });

  test("is rejected after the token expires", async () => {
    const { emulator, send } = await startTestEmulator();
    emulator.advance(25 * 3_600_000);
    expect((await send({}, { token: emulator.tokens.temporary })).json.error.error_subcode).toBe(463);
    expect((await send({}, { token: emulator.tokens.sixtyDays })).status).toBe(200);
  });
});

test("a token without the management permission cannot read the WABA", async () => {
  const { emulator, ask } = await startTestEmulator();
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

  test("is verified when present", async () => {
    const { emulator, ask } = await startTestEmulator();
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

  test("can include appsecret_time", async () => {
    const { emulator, ask } = await startTestEmulator();
    const { accessToken, appSecret, phoneNumberId } = emulator.account;
    const path = (time: number) =>
      `/${phoneNumberId}?appsecret_time=${time}&appsecret_proof=${proofOf(`${accessToken}|${time}`, appSecret)}`;
    const now = Math.floor(Date.now() / 1000);
    expect((await ask(path(now))).status).toBe(200);
    expect((await ask(path(now - 600))).status).toBe(400);
  });

  test("can be required", async () => {
    const { emulator, send, ask } = await startTestEmulator({ ...QUIET, requireProof: true });
    const { accessToken, appSecret, phoneNumberId } = emulator.account;
    expect((await send()).json.error).toMatchObject({
      code: 100,
      message: "API calls from the server require an appsecret_proof argument",
    });
    expect((await ask(`/${phoneNumberId}?appsecret_proof=${proofOf(accessToken, appSecret)}`)).status).toBe(200);
  });
});

test("/me returns a system user or a developer, and rejects an app token", async () => {
  const { emulator, ask } = await startTestEmulator();
  expect((await ask("/me")).json).toEqual({ name: "Emulated system user", id: expect.any(String) });
  expect((await ask("/v25.0/me", { token: emulator.tokens.temporary })).json.name).toBe("Emulated developer");
  for (const token of [null, emulator.tokens.app]) {
    expect((await ask("/me", { token })).json.error).toMatchObject({
      code: 2500,
      message: "An active access token must be used to query information about the current user.",
    });
  }
});
