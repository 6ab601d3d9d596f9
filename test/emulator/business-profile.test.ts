/** The business profile of a number, and the picture that was uploaded for it. */
import { expect, test } from "vitest";

import { PRODUCT, startBusiness } from "./business-stage.ts";

test("a profile is changed field by field, and an empty text removes one", async () => {
  const { ask, phone } = await startBusiness();
  const path = `/${phone}/whatsapp_business_profile`;
  expect((await ask(path)).json).toEqual({ data: [PRODUCT] });
  const profile = {
    about: "Flowers, daily",
    address: "1 Garden Way",
    description: "A shop",
    email: "shop@example.com",
    websites: ["https://example.com"],
    vertical: "RETAIL",
  };
  expect((await ask(path, { json: { ...PRODUCT, ...profile } })).json).toEqual({ success: true });
  await ask(path, { json: { ...PRODUCT, address: "", about: "Open again" } });
  const { address: _, ...rest } = profile;
  expect((await ask(path)).json).toEqual({ data: [{ ...rest, about: "Open again", ...PRODUCT }] });
  expect((await ask(`${path}?fields=about,email`)).json).toEqual({
    data: [{ about: "Open again", email: profile.email, ...PRODUCT }],
  });
  expect((await ask(`${path}?fields=color`)).json.error.message).toBe(
    "(#100) Tried accessing nonexisting field (color) on node type (WhatsAppBusinessProfile)",
  );
});

test.each([
  ["about", "", "Param about must be at least 1 characters long."],
  ["about", "x".repeat(140), "Param about must be at most 139 characters long."],
  ["address", "x".repeat(257), "Param address must be at most 256 characters long."],
  ["description", "x".repeat(513), "Param description must be at most 512 characters long."],
  ["email", `${"x".repeat(128)}@example.com`, "Param email must be at most 128 characters long."],
  ["email", "nobody", "Param email must be a valid email address."],
  ["websites", ["https://a.test", "https://b.test", "https://c.test"], "Param websites must have at most 2 elements."],
  ["websites", ["shop.test"], "Param websites[0] must be a URL that starts with http:// or https://."],
  ["vertical", "FLOWERS", /^\(#100\) Param vertical must be one of \{OTHER, .*\} - got "FLOWERS"\.$/],
])("%s beyond its limits is refused (%#)", async (name, value, message) => {
  const { ask, phone } = await startBusiness();
  const { status, json } = await ask(`/${phone}/whatsapp_business_profile`, { json: { ...PRODUCT, [name]: value } });
  expect([status, json.error.code]).toEqual([400, 100]);
  expect(json.error.message).toEqual(
    typeof message === "string" ? `(#100) ${message}` : expect.stringMatching(message),
  );
});

test("the longest values are accepted", async () => {
  const { ask, phone } = await startBusiness();
  const sizes = { about: 139, address: 256, description: 512 };
  const texts = Object.entries(sizes).map(([name, size]) => [name, "x".repeat(size)]);
  const json = { ...PRODUCT, ...Object.fromEntries(texts) };
  expect((await ask(`/${phone}/whatsapp_business_profile`, { json })).json).toEqual({ success: true });
});

test("an uploaded picture is shown at the profile's URL without a token", async () => {
  const { emulator, ask, phone } = await startBusiness();
  const bytes = Buffer.from([0xff, 0xd8, 0xff, 0, 1, 2]);
  const session = await ask(`/${emulator.account.appId}/uploads?file_length=6&file_type=image/jpeg`, {
    method: "POST",
  });
  const part = {
    method: "POST",
    body: bytes,
    headers: { authorization: `OAuth ${emulator.account.accessToken}`, file_offset: "0" },
  };
  const { h } = (await (await fetch(`${emulator.url}/v25.0/${session.json.id}`, part)).json()) as { h: string };
  const path = `/${phone}/whatsapp_business_profile`;
  const other = await ask(path, { json: { ...PRODUCT, profile_picture_handle: `${h}x` } });
  expect(other.json.error.error_data.details).toBe("profile_picture_handle: no uploaded file has this handle");
  expect((await ask(path, { json: { ...PRODUCT, profile_picture_handle: h } })).json).toEqual({ success: true });
  const { profile_picture_url: url } = (await ask(path)).json.data[0];
  const picture = await fetch(url as string);
  expect(picture.headers.get("content-type")).toBe("image/jpeg");
  expect(Buffer.from(await picture.arrayBuffer())).toEqual(bytes);
  expect((await fetch(`${String(url)}x`)).status).toBe(404);
});
