/** Embedded signup: a code for a token. In-app signup: links with which customers opt in. */
import { describe, expect, test } from "vitest";

import { startBusiness } from "./business-stage.ts";
import { startTestEmulator } from "./test-emulator.ts";

describe("a code of embedded signup", () => {
  async function withCode() {
    const stage = await startTestEmulator();
    const { emulator, ask } = stage;
    const { code } = (await ask("/_wa-hook/signup-code", { method: "POST", token: null })).json;
    const { appId, appSecret } = emulator.account;
    const client = `client_id=${appId}&client_secret=${appSecret}`;
    const redeem = (value: string) => ask(`/v25.0/oauth/access_token?${client}&code=${value}`, { token: null });
    return { ...stage, code: code as string, redeem };
  }

  test("becomes a token that can subscribe the app and register the number", async () => {
    const { emulator, ask, code, redeem } = await withCode();
    const { json } = await redeem(code);
    expect(json).toEqual({ access_token: expect.stringMatching(/^EAAG/), token_type: "bearer" });
    expect(JSON.stringify(emulator.requests)).not.toContain(code);
    const { businessAccountId, phoneNumberId } = emulator.account;
    const token = json.access_token as string;
    expect((await ask(`/${businessAccountId}/subscribed_apps`, { method: "POST", token })).json).toEqual({
      success: true,
    });
    const register = { messaging_product: "whatsapp", pin: "123456" };
    expect((await ask(`/${phoneNumberId}/register`, { json: register, token })).json).toEqual({ success: true });
  });

  test("is valid once, and for 10 minutes", async () => {
    const { emulator, code, redeem } = await withCode();
    await redeem(code);
    expect((await redeem(code)).json.error).toMatchObject({
      message: "This authorization code has been used.",
      code: 100,
      error_subcode: 36_009,
    });
    const { code: late } = emulator.signupCode();
    emulator.advance(600_000);
    expect((await redeem(late)).json.error).toMatchObject({
      message: "This authorization code has expired.",
      error_subcode: 36_007,
    });
    expect((await redeem("nonsense")).json.error.message).toBe("Invalid verification code format.");
  });
});

describe("a signup link", () => {
  const signup = {
    display_name: "Spring offers",
    signup_message: "Get our offers",
    confirmation_message: "Welcome",
    privacy_policy_url: "https://example.com/privacy",
  };
  const policy = { tos: "https://example.com/terms", accepted: true };

  test("is created after the terms were accepted, then listed, read and disabled", async () => {
    const { ask, waba } = await startBusiness();
    const path = `/${waba}/signups`;
    expect((await ask(path, { json: signup })).json.error.error_data.details).toMatch(/^policy: the first signup/);
    const { id } = (await ask(path, { json: { ...signup, policy } })).json;
    const second = (await ask(path, { json: signup })).json;
    expect((await ask(path)).json.data.map((each: { id: string }) => each.id)).toEqual([id, second.id]);
    expect((await ask(`/signups/${id}`, { json: { status: "DISABLED" } })).json).toEqual({ success: true });
    expect((await ask(`/v25.0/signups/${id}`)).json).toEqual({ id, status: "DISABLED", ...signup });
    expect((await ask("/signups/123")).json.error).toMatchObject({ code: 100, error_subcode: 33 });
  });

  test("needs its promo code when the confirmation mentions it", async () => {
    const { ask, waba } = await startBusiness();
    const json = { ...signup, policy, confirmation_message: "Use {{promo_code}}" };
    expect((await ask(`/${waba}/signups`, { json })).json.error.error_data.details).toMatch(/^promo_code: required/);
    expect((await ask(`/${waba}/signups`, { json: { ...json, promo_code: "SPRING" } })).status).toBe(200);
  });

  test("opened by a customer, it is reported as a preference", async () => {
    const { emulator, ask, waba, changes } = await startBusiness();
    await expect(emulator.act({ action: "sign_up" })).rejects.toThrow("there are 0 signups");
    await ask(`/${waba}/signups`, { json: { ...signup, policy } });
    await emulator.act({ action: "sign_up" });
    const [{ field, value }] = (await changes()) as [{ field: string; value: { user_preferences: object[] } }];
    expect([field, value.user_preferences]).toEqual([
      "user_preferences",
      [expect.objectContaining({ wa_id: "16505551234", value: "signup", detail: "Signed up with Spring offers" })],
    ]);
  });
});
