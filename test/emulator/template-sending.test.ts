/** The checks of the emulator when a template is sent. */
import { describe, expect, test } from "vitest";

import { AT_ONCE, create, sendTemplate, bodyParameters } from "./template-stage.ts";
import { startTestEmulator } from "./test-emulator.ts";

describe("a message from a template needs", () => {
  const named = (texts: Record<string, string>) => ({
    type: "body",
    parameters: Object.entries(texts).map(([parameter_name, text]) => ({ type: "text", parameter_name, text })),
  });
  const image = { type: "header", parameters: [{ type: "image", image: { link: "https://example.com/a.png" } }] };
  const quickReply = {
    type: "button",
    sub_type: "quick_reply",
    index: 0,
    parameters: [{ type: "payload", payload: "1" }],
  };
  const carousel = (cards: number) => ({
    type: "carousel",
    cards: Array.from({ length: cards }, (_, card_index) => ({ card_index, components: [image, quickReply] })),
  });
  const offer = {
    type: "limited_time_offer",
    parameters: [{ type: "limited_time_offer", limited_time_offer: { expiration_time_ms: 1 } }],
  };
  const params = (given: number, expected: number) =>
    `body: number of localizable_params (${given}) does not match the expected number of params (${expected})`;
  const three = bodyParameters("1", "2", "3");
  const format = "header: Format mismatch, expected IMAGE, received UNKNOWN";
  const button = "buttons: Button at index 0 of type";
  const cases: [
    what: string,
    sent: [name: string, code: string, components?: object[]],
    error: number,
    details: string,
  ][] = [
    ["one parameter for each variable", ["appointment_reminder", "en_US"], 132000, params(0, 2)],
    ["no other parameters", ["hello_world", "en_US", [bodyParameters("Sheena")]], 132000, params(1, 0)],
    [
      "the names of its variables",
      ["appointment_reminder", "de", [bodyParameters("Sheena", "10:00")]],
      100,
      "Parameter name is missing",
    ],
    [
      "each name",
      ["appointment_reminder", "de", [named({ customer: "Sheena", hour: "10:00" })]],
      100,
      "Parameter name time is missing",
    ],
    ["the media of its header", ["order_shipped", "en", [three]], 132012, format],
    ["the text of its URL", ["order_shipped", "en", [image, three]], 131008, `${button} Url requires a parameter`],
    [
      "the coupon of its button",
      ["weekend_discount", "en_US", [offer]],
      131008,
      `${button} CopyCode requires a parameter`,
    ],
    ["the end of its offer", ["weekend_discount", "en_US"], 131008, "limited_time_offer"],
    ["every card", ["summer_bikes", "en_GB", [bodyParameters("20"), carousel(1)]], 132012, "number of cards (1)"],
  ];

  test.each(cases)("%s", async (_, sent, error, details) => {
    const { json } = await sendTemplate(await startTestEmulator(), ...sent);
    expect(json.error).toMatchObject({ code: error, error_data: { details: expect.stringContaining(details) } });
  });

  test("the code twice when it is for authentication and has no text of its own", async () => {
    const stage = await startTestEmulator(AT_ONCE);
    const components = [{ type: "BODY" }, { type: "BUTTONS", buttons: [{ type: "OTP", otp_type: "COPY_CODE" }] }];
    await create(stage, { name: "code", category: "AUTHENTICATION", components });
    const button = { type: "button", sub_type: "url", index: "0", parameters: [{ type: "text", text: "123456" }] };
    expect((await sendTemplate(stage, "code", "en", [button])).json.error.code).toBe(132000);
    expect((await sendTemplate(stage, "code", "en", [bodyParameters("123456")])).json.error.code).toBe(131008);
    expect((await sendTemplate(stage, "code", "en", [bodyParameters("123456"), button])).status).toBe(200);
  });

  test("the parameters of its cards", async () => {
    const stage = await startTestEmulator();
    expect((await sendTemplate(stage, "summer_bikes", "en_GB", [bodyParameters("20"), carousel(2)])).status).toBe(200);
  });

  test("its language in any case", async () => {
    expect((await sendTemplate(await startTestEmulator(), "hello_world", "en_us")).status).toBe(200);
  });
});
