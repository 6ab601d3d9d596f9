/** What belongs to one number: automation, QR codes, commerce settings, username, public key, thread control. */
import { generateKeyPairSync } from "node:crypto";

import { describe, expect, test } from "vitest";

import { QrCodes } from "../../src/emulator/business/qr-codes.ts";
import { Ids } from "../../src/emulator/ids.ts";
import { PRODUCT, startBusiness } from "./business-stage.ts";

describe("conversational automation", () => {
  const commands = [{ command_name: "hours", command_description: "When we are open" }];

  test("keeps what a later change does not name", async () => {
    const { ask, phone } = await startBusiness();
    const path = `/${phone}/conversational_automation`;
    await ask(path, { json: { enable_welcome_message: true, commands } });
    await ask(`${path}?prompts=["Order","Help"]`, { method: "POST" });
    const expected = { enable_welcome_message: true, prompts: ["Order", "Help"], commands, id: phone };
    expect((await ask(path)).json).toEqual(expected);
  });

  test.each([
    [{ prompts: ["1", "2", "3", "4", "5"] }, "Param prompts must have at most 4 elements."],
    [{ prompts: ["x".repeat(81)] }, "Param prompts[0] must be at most 80 characters long."],
    [{ commands: Array.from({ length: 31 }, () => commands[0]) }, "Param commands must have at most 30 elements."],
    [
      { commands: [{ ...commands[0], command_name: "x".repeat(33) }] },
      "Param command_name must be at most 32 characters long.",
    ],
    [
      { commands: [{ ...commands[0], command_description: "x".repeat(257) }] },
      "Param command_description must be at most 256 characters long.",
    ],
    [{ commands: [{ command_name: "hours" }] }, "The parameter command_description is required."],
    [{ enable_welcome_message: "perhaps" }, "Param enable_welcome_message must be a boolean."],
  ])("%# beyond Meta's limits is refused", async (json, message) => {
    const { ask, phone } = await startBusiness();
    expect((await ask(`/${phone}/conversational_automation`, { json })).json.error.message).toBe(`(#100) ${message}`);
  });
});

describe("a QR code", () => {
  test("is created, changed in both of Meta's ways, listed and deleted", async () => {
    const { ask, phone } = await startBusiness();
    const path = `/${phone}/message_qrdls`;
    const { code, ...made } = (await ask(path, { json: { prefilled_message: "Hello", generate_qr_image: "SVG" } }))
      .json;
    expect(made).toEqual({
      prefilled_message: "Hello",
      deep_link_url: `https://wa.me/message/${code}`,
      qr_image_url: expect.stringContaining(code),
    });
    expect((await fetch(made.qr_image_url as string)).headers.get("content-type")).toBe("image/svg+xml");
    await ask(path, { json: { code, prefilled_message: "Hello there" } });
    await ask(`${path}/${code}?prefilled_message=Hi`, { method: "POST" });
    const changed = { code, prefilled_message: "Hi", deep_link_url: made.deep_link_url };
    expect((await ask(`${path}/`)).json.data).toEqual([changed]);
    expect((await ask(`${path}/${code}`)).json).toEqual({ data: [changed] });
    expect((await ask(`${path}/${code}`, { method: "DELETE" })).json).toEqual({ success: true });
    expect((await ask(`${path}/${code}`)).json.error.code).toBe(100);
    expect((await ask(path)).json).toEqual({ data: [] });
  });

  test("has a message of at most 140 characters, in the formats of Meta", async () => {
    const { ask, phone } = await startBusiness();
    const path = `/${phone}/message_qrdls`;
    const long = await ask(path, { json: { prefilled_message: "x".repeat(141) } });
    expect(long.json.error.message).toBe("(#100) Param prefilled_message must be at most 140 characters long.");
    expect((await ask(path, { json: {} })).json.error.message).toBe(
      "(#100) The parameter prefilled_message is required.",
    );
    const wrong = await ask(path, { json: { prefilled_message: "x", generate_qr_image: "GIF" } });
    expect(wrong.json.error.message).toBe('(#100) Param generate_qr_image must be one of {SVG, PNG} - got "GIF".');
  });

  test("is one of at most 2000 for a number", () => {
    const codes = new QrCodes(new Ids("test"));
    const added = Array.from({ length: 2000 }, () => codes.add("Hello").code);
    expect(new Set(added).size).toBe(2000);
    expect(() => codes.add("Hello")).toThrow("limit of 2000 QR codes");
  });
});

test("commerce settings change one by one", async () => {
  const { ask, phone } = await startBusiness();
  const path = `/${phone}/whatsapp_commerce_settings`;
  await ask(`${path}?is_catalog_visible=true`, { method: "POST" });
  await ask(path, { json: { is_cart_enabled: false } });
  expect((await ask(path)).json).toEqual({ data: [{ is_cart_enabled: false, is_catalog_visible: true, id: phone }] });
  expect((await ask(`${path}?is_cart_enabled=no`, { method: "POST" })).json.error.message).toBe(
    "(#100) Param is_cart_enabled must be a boolean.",
  );
});

describe("a username", () => {
  test("is adopted, shown and deleted, with a webhook for both", async () => {
    const { ask, phone, changes, emulator } = await startBusiness();
    const path = `/${phone}/username`;
    expect((await ask(path)).json).toEqual({});
    expect((await ask(path, { json: { username: "flowers.shop" } })).json).toEqual({ status: "approved" });
    expect((await ask(path)).json).toEqual({ username: "flowers.shop", status: "approved" });
    expect((await ask(path, { method: "DELETE" })).json).toEqual({ success: true });
    expect((await ask(path)).json).toEqual({});
    const { displayNumber: display_phone_number } = emulator.account;
    expect((await changes()).map(({ value }) => value as object)).toEqual([
      { display_phone_number, username: "flowers.shop", status: "approved" },
      { display_phone_number, status: "deleted" },
    ]);
    expect((await ask(`/${phone}/username_suggestions`)).json.data[0].username_suggestions).toContain("test_number");
  });

  test.each([
    "ab",
    "x".repeat(36),
    "12345",
    ".flowers",
    "flowers.",
    "flo..wers",
    "www.flowers",
    "flowers.com",
    "flöwers",
  ])("%s is refused", async (username) => {
    const { ask, phone } = await startBusiness();
    expect((await ask(`/${phone}/username`, { json: { username } })).json.error.code).toBe(100);
  });

  test("of somebody else is not available", async () => {
    const { ask, phone } = await startBusiness();
    expect((await ask(`/${phone}/username`, { json: { username: "WhatsApp" } })).json.error.code).toBe(147_001);
  });
});

describe("the public key for Flows", () => {
  const spki = { type: "spki", format: "pem" } as const;
  const pkcs8 = { type: "pkcs8", format: "pem" } as const;
  const pair = generateKeyPairSync("rsa", { modulusLength: 2048, publicKeyEncoding: spki, privateKeyEncoding: pkcs8 });
  const short = generateKeyPairSync("rsa", { modulusLength: 1024, publicKeyEncoding: spki, privateKeyEncoding: pkcs8 });
  const curve = generateKeyPairSync("ec", { namedCurve: "P-256", publicKeyEncoding: spki, privateKeyEncoding: pkcs8 });

  test("is stored from a form or from JSON", async () => {
    const { ask, phone } = await startBusiness();
    const path = `/${phone}/whatsapp_business_encryption`;
    expect((await ask(path)).json).toEqual({ data: [] });
    expect((await ask(path, { body: new URLSearchParams({ business_public_key: pair.publicKey }) })).json).toEqual({
      success: true,
    });
    const key = { business_public_key: pair.publicKey, business_public_key_signature_status: "VALID" };
    expect((await ask(path)).json).toEqual({ data: [key] });
  });

  test.each([
    [short.publicKey, "expected a 2048-bit RSA key, not 1024 rsa"],
    [curve.publicKey, "expected a 2048-bit RSA key, not ec"],
    [pair.privateKey, "this is a private key; upload only the public key"],
    ["nonsense", "not a public key in PEM format"],
  ])("%# is refused when it is no 2048-bit RSA key", async (business_public_key, why) => {
    const { ask, phone } = await startBusiness();
    const { json } = await ask(`/${phone}/whatsapp_business_encryption`, { json: { business_public_key } });
    expect(json.error).toMatchObject({ code: 100, error_data: { details: `business_public_key: ${why}` } });
  });
});

test("a conversation is passed, handed over and taken, each only by who holds it", async () => {
  const { emulator, ask, phone, changes } = await startBusiness();
  const control = async (action: string) => {
    const { json } = await ask(`/${phone}/thread_control`, { json: { ...PRODUCT, to: "+16505551234", action } });
    return (json.error?.code ?? "ok") as number | string;
  };
  expect([await control("take"), await control("pass"), await control("release"), await control("take")]).toEqual([
    2_494_191,
    "ok",
    2_494_191,
    "ok",
  ]);
  await control("release");
  await emulator.act({ action: "hand_over" });
  expect(await control("pass")).toBe("ok");
  expect((await changes()).map(({ value }) => value.type as string)).toEqual(["control_passed"]);
  expect((await ask(`/${phone}/thread_control`, { json: { ...PRODUCT, action: "pass" } })).json.error.message).toBe(
    "(#100) The parameter to is required.",
  );
});
