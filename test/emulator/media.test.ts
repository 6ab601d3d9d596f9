/** Media: upload, lookup, download and deletion. */
import { createHash } from "node:crypto";

import { describe, expect, test } from "vitest";

import { Clock } from "../../src/emulator/clock.ts";
import { Ids } from "../../src/emulator/ids.ts";
import { MediaStore } from "../../src/emulator/messaging/media-store.ts";
import { anApp, startTestEmulator, QUIET, upload, valueOf, type Emulated } from "./test-emulator.ts";

const PICTURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 255, 13, 10, 45, 45]);

const picture = () => new File([PICTURE], "picture.png", { type: "image/png" });
const pathOf = ({ emulator }: Emulated, url: string) => url.replace(emulator.url, "");

test("uploaded media can be looked up, and downloaded with the token for 5 minutes", async () => {
  const emulated = await startTestEmulator();
  const { emulator, ask } = emulated;
  const uploaded = await upload(emulated, picture());
  expect(uploaded.json).toEqual({ id: expect.stringMatching(/^\d{16}$/) });
  const { json, text } = await ask(`/v25.0/${uploaded.json.id}?phone_number_id=${emulator.account.phoneNumberId}`);
  expect(json).toEqual({
    url: expect.stringMatching(
      /^http:\/\/127\.0\.0\.1:\d+\/whatsapp_business\/attachments\/\?mid=\d+&ext=\d{10}&hash=\w+$/,
    ),
    mime_type: "image/png",
    sha256: createHash("sha256").update(PICTURE).digest("hex"),
    file_size: PICTURE.length,
    id: uploaded.json.id,
    messaging_product: "whatsapp",
  });
  expect(text).toContain(String.raw`"http:\/\/127.0.0.1`);
  const authorization = `Bearer ${emulator.account.accessToken}`;
  const fetched = await fetch(json.url, { headers: { authorization } });
  expect(fetched.headers.get("content-type")).toBe("image/png");
  expect(Buffer.from(await fetched.arrayBuffer())).toEqual(PICTURE);

  const path = pathOf(emulated, json.url);
  expect((await ask(path, { token: null })).status).toBe(401);
  expect((await ask(`${path}&access_token=${emulator.account.accessToken}`, { token: null })).status).toBe(401);
  expect((await ask(path, { token: emulator.tokens.expired })).status).toBe(401);
  expect((await ask(path, { token: emulator.tokens.otherBusiness })).status).toBe(404);
  expect((await ask(`${path}0`)).status).toBe(403);
  emulator.advance(300_000);
  expect((await ask(path)).status).toBe(404);
});

test("media is removed by DELETE, and expires after 30 days", async () => {
  const emulated = await startTestEmulator();
  const { emulator, ask } = emulated;
  const [first, second] = [await upload(emulated, picture()), await upload(emulated, picture())];
  expect((await ask(`/${first.json.id}`, { method: "DELETE" })).json).toEqual({ success: true });
  for (const method of ["GET", "DELETE"]) {
    expect((await ask(`/${first.json.id}`, { method })).json.error).toMatchObject({ code: 100, error_subcode: 33 });
  }
  expect((await ask(`/${second.json.id}?phone_number_id=1`)).json.error.error_subcode).toBe(33);
  expect((await ask(`/${second.json.id}`, { token: emulator.tokens.otherBusiness })).json.error.error_subcode).toBe(33);
  emulator.advance(30 * 86_400_000);
  expect((await ask(`/${second.json.id}`)).json.error.error_subcode).toBe(33);
});

describe("an upload is rejected", () => {
  test("without a file or without messaging_product", async () => {
    const emulated = await startTestEmulator();
    expect((await upload(emulated, undefined)).json.error.message).toBe("(#100) The parameter file is required.");
    expect((await upload(emulated, picture(), {})).json.error.message).toBe(
      "(#100) The parameter messaging_product is required.",
    );
  });

  test.each([
    ["of a type that is not supported", new File(["GIF89a"], "a.gif", { type: "image/gif" }), "image/gif"],
    ["of no type", new File(["?"], "a"), "application/octet-stream"],
    ["that is empty", new File([], "a.png", { type: "image/png" }), "empty"],
    ["that is too large", new File([Buffer.alloc(500 * 1024 + 1)], "a.webp", { type: "image/webp" }), "512001 bytes"],
  ])("when the file is one %s", async (_, file, details) => {
    const { status, json } = await upload(await startTestEmulator(), file);
    expect(status).toBe(400);
    expect(json.error).toMatchObject({ code: 131053, error_data: { details: expect.stringContaining(details) } });
  });

  test("when the body is not the declared form", async () => {
    const { emulator, ask } = await startTestEmulator();
    const headers = { "content-type": "multipart/form-data; boundary=x" };
    const { json } = await ask(`/${emulator.account.phoneNumberId}/media`, { body: "no form", headers });
    expect(json.error).toMatchObject({ code: 100, error_data: { details: expect.stringContaining("multipart") } });
  });
});

test("a full media store removes the oldest media", () => {
  const mediaStore = new MediaStore("a seed", new Clock(true), new Ids("a seed"));
  const large = Buffer.alloc(90 * 1024 * 1024);
  const ids = [1, 2, 3].map(() => mediaStore.add(large, "application/pdf", "uploaded").id);
  expect(ids.map((id) => mediaStore.get(id) === undefined)).toEqual([true, false, false]);
});

describe("from a customer, a", () => {
  test.each([
    ["image", "image/jpeg", [0xff, 0xd8, 0xff]],
    ["sticker", "image/webp", [...Buffer.from("RIFF")]],
    ["audio", "audio/ogg; codecs=opus", [...Buffer.from("OggS")]],
    ["video", "video/mp4", [0, 0, 0, 0x18, ...Buffer.from("ftyp")]],
    ["document", "application/pdf", [...Buffer.from("%PDF-1.1")]],
  ])("%s is a real file", async (type, mime, beginning) => {
    const app = await anApp();
    const emulated = await startTestEmulator({ ...QUIET, webhook: app.url });
    const { emulator, ask } = emulated;
    await emulator.receive({ type, [type]: { caption: "See here" } });
    await emulator.settled();
    const media = valueOf(app.bodies[0]).messages[0][type];
    expect(media).toMatchObject({
      caption: "See here",
      mime_type: mime,
      id: expect.any(String),
      url: expect.stringContaining("source=webhook"),
    });
    const found = await ask(`/${media.id}`);
    expect(Buffer.from(media.sha256, "base64").toString("hex")).toBe(found.json.sha256);
    const authorization = `Bearer ${emulator.account.accessToken}`;
    const bytes = Buffer.from(await (await fetch(media.url, { headers: { authorization } })).arrayBuffer());
    expect([...bytes.subarray(0, beginning.length)]).toEqual(beginning);
    expect(createHash("sha256").update(bytes).digest("base64")).toBe(media.sha256);
    emulator.advance(7 * 86_400_000);
    expect((await ask(`/${media.id}`)).status).toBe(400);
  });

  test("message can contain uploaded media", async () => {
    const app = await anApp();
    const emulated = await startTestEmulator({ ...QUIET, webhook: app.url });
    const { json } = await upload(emulated, picture());
    await emulated.emulator.receive({ type: "image", image: { id: json.id } });
    await emulated.emulator.settled();
    const { image } = valueOf(app.bodies[0]).messages[0];
    expect(image).toMatchObject({ id: json.id, mime_type: "image/png" });
  });
});
