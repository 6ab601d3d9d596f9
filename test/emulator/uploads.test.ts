/** The resumable upload API: sessions, parts, offsets and handles. */
import { expect, test } from "vitest";

import { Uploads } from "../../src/emulator/business/uploads.ts";
import { Clock } from "../../src/emulator/clock.ts";
import { Ids } from "../../src/emulator/ids.ts";
import { startTestEmulator, type Emulated } from "./test-emulator.ts";

async function start({ emulator, ask }: Emulated, length: number, type = "image/png"): Promise<string> {
  const query = `file_name=a.png&file_length=${length}&file_type=${type}`;
  const { json } = await ask(`/v25.0/${emulator.account.appId}/uploads?${query}`, { method: "POST" });
  return json.id as string;
}

async function send({ emulator }: Emulated, id: string, part: string, offset: number | undefined, type = "image/png") {
  const headers = {
    authorization: `OAuth ${emulator.account.accessToken}`,
    "content-type": type,
    ...(offset === undefined ? {} : { file_offset: String(offset) }),
  };
  const response = await fetch(`${emulator.url}/v25.0/${id}`, { method: "POST", body: part, headers });
  // oxlint-disable-next-line typescript/no-explicit-any
  return (await response.json()) as any;
}

test("a whole file in one request gets its handle, whatever its content type", async () => {
  const stage = await startTestEmulator();
  for (const type of [
    "image/png",
    "application/octet-stream",
    "application/x-www-form-urlencoded",
    "application/json",
  ]) {
    const id = await start(stage, 5);
    expect(id).toMatch(/^upload:[\w-]+\?sig=AR\w+$/);
    expect(await send(stage, id, "{a=b&", 0, type)).toEqual({ h: expect.stringMatching(/^4::aW1hZ2UvcG5n:AR/) });
  }
});

test("several uploads at once continue where each one ended", async () => {
  const stage = await startTestEmulator();
  const [one, other] = [await start(stage, 6), await start(stage, 4)];
  await send(stage, one, "abc", 0);
  await send(stage, other, "ab", 0);
  const { json } = await stage.ask(`/v25.0/${one}`);
  expect(json).toEqual({ id: one.split("?")[0], file_offset: 3 });
  const wrong = await send(stage, one, "def", 2);
  expect(wrong.error.error_data.details).toBe("file_offset: the next byte is 3; the request has 2");
  expect(await send(stage, other, "cd", 2)).toEqual({ h: expect.any(String) });
  expect(await send(stage, one, "def", 3)).toEqual({ h: expect.any(String) });
});

test("a client that encodes the id into the path is understood", async () => {
  const stage = await startTestEmulator();
  const id = await start(stage, 3);
  expect(await send(stage, encodeURIComponent(id), "abc", 0)).toEqual({ h: expect.any(String) });
});

test("what Meta requires is required", async () => {
  const stage = await startTestEmulator();
  const { emulator, ask } = stage;
  const path = `/${emulator.account.appId}/uploads`;
  const message = async (query: string) => (await ask(`${path}?${query}`, { method: "POST" })).json.error.message;
  expect(await message("file_type=image/png")).toBe("(#100) The parameter file_length is required.");
  expect(await message("file_length=3")).toBe("(#100) The parameter file_type is required.");
  expect(await message("file_length=3&file_type=text/plain")).toMatch(/must be one of \{application\/pdf, /);
  expect(await message("file_length=200000000&file_type=image/png")).toBe(
    "(#100) Param file_length must be from 1 to 104857600.",
  );
  const id = await start(stage, 3);
  expect((await send(stage, id, "abc", undefined)).error.message).toBe("(#100) The parameter file_offset is required.");
  expect((await send(stage, id, "abcd", 0)).error.error_data.details).toBe(
    "the file would be larger than the announced 3 bytes",
  );
  expect((await send(stage, "upload:none", "abc", 0)).error).toMatchObject({ code: 100, error_subcode: 33 });
  expect((await ask(`/v25.0/${id}`, { token: null })).json.error.code).toBe(104);
});

test("sessions and their bytes are bounded", () => {
  const uploads = new Uploads({ clock: new Clock(true), ids: new Ids("test") });
  const first = uploads.start("image/png", 1);
  for (let count = 0; count < 1000; count++) uploads.start("image/png", 1);
  expect(uploads.has(first)).toBe(false);
  const size = 5 * 1024 * 1024;
  const large = Array.from({ length: 14 }, () => uploads.start("image/png", size));
  for (const id of large) uploads.add(id, 0, Buffer.alloc(1));
  expect(large.map((id) => uploads.has(id)).filter(Boolean)).toHaveLength(12);
});
