/** Failure injection and the control API under `/_wa-hook`. */
import { describe, expect, test } from "vitest";

import { raw } from "../support/http.ts";
import { anApp, startTestEmulator, QUIET, valueOf, type Asking } from "./test-emulator.ts";

describe("injected failures", () => {
  test("can affect every third request", async () => {
    const { send } = await startTestEmulator({ ...QUIET, fail: [{ code: 131056, every: 3 }] });
    const codes = [];
    for (let sent = 0; sent < 6; sent++) codes.push((await send()).json.error?.code);
    expect(codes).toEqual([undefined, undefined, 131056, undefined, undefined, 131056]);
  });

  test("can affect the next two requests, or all requests from now on", async () => {
    const { emulator, send, ask } = await startTestEmulator();
    emulator.fail({ code: 130429, times: 2 });
    emulator.fail({ code: 190, subcode: 467, on: "all" });
    expect((await send()).json.error.code).toBe(130429);
    expect((await send()).json.error.code).toBe(130429);
    expect((await send()).json.error).toMatchObject({ code: 190, error_subcode: 467 });
    expect((await ask("/me")).json.error.code).toBe(190);
  });

  test("affect only their category of requests, and no unauthorized request", async () => {
    const { emulator, send, ask } = await startTestEmulator();
    emulator.fail({ code: 2, on: "media", times: 1 });
    expect((await send()).status).toBe(200);
    expect((await send({}, { token: "garbage" })).json.error.code).toBe(190);
    const media = await ask(`/${emulator.account.phoneNumberId}/media`, { body: new FormData() });
    expect(media).toMatchObject({ status: 503, json: { error: { code: 2, is_transient: true } } });
  });

  test.each([
    [131000, 500],
    [132001, 404],
    [131031, 403],
    [7, 400],
  ])("of code %i have the status that Meta's table has, or 400, and the code in the words", async (code, status) => {
    const { emulator, send } = await startTestEmulator();
    emulator.fail({ code, times: 1 });
    const answered = await send();
    expect([answered.status, answered.json.error.code]).toEqual([status, code]);
    expect(answered.json.error.message).toContain(`(#${code}) `);
  });

  test.each([130_472, 131_026, 131_047, 131_049, 131_050, 131_051])(
    "of code %i refuse a message at once, or accept it and send a failed status",
    async (code) => {
      const app = await anApp();
      const { emulator, send } = await startTestEmulator({ ...QUIET, webhook: app.url });
      emulator.fail({ code, times: 1 });
      expect((await send()).json.error.code).toBe(code);
      emulator.fail({ code, times: 1, as: "status" });
      expect((await send()).status).toBe(200);
      await emulator.settled();
      const [status] = valueOf(app.bodies[0]).statuses;
      expect(status).toMatchObject({ status: "failed", errors: [{ code, error_data: {} }] });
      expect((await send()).status).toBe(200);
    },
  );

  test.each([
    { code: 4, as: "mail" },
    { code: 4, as: "status", on: "media" },
    { code: 1.5 },
    { code: 4, every: 0 },
    { code: 4, times: -1 },
    {},
    { code: 4, on: "mondays" },
  ])("as %o can never happen", async (failure) => {
    const { emulator } = await startTestEmulator();
    expect(() => emulator.fail(failure as { code: number })).toThrow(/a failure's \w+ must be/);
  });
});

describe("the control API", () => {
  const post = (json: unknown): Asking => ({ json, token: null });

  test("sends a message as the customer", async () => {
    const app = await anApp();
    const { emulator, ask } = await startTestEmulator({ ...QUIET, webhook: app.url });
    const written = await ask("/_wa-hook/messages", post({ text: "Hello" }));
    expect(written.json).toEqual({ id: expect.stringMatching(/^wamid\./), userId: expect.stringMatching(/^US\./) });
    const message = { type: "location", location: { latitude: 52.5, longitude: 13.4 } };
    await emulator.settled();
    await ask("/_wa-hook/messages", post({ message, from: "+49 1511 2345678", name: "A visitor" }));
    await emulator.settled();
    expect(app.bodies[1]).toContain('"wa_id":"4915112345678"');
    const bad = await ask("/_wa-hook/messages", post({ message: { type: "text" } }));
    expect(bad).toMatchObject({ status: 400, json: { error: { message: expect.stringContaining("text") } } });
    expect((await ask("/_wa-hook/messages", post({}))).json.error.hint).toBe('send { "text": "…" }');
  });

  test("injects failures, advances the clock, resets, and lists requests and tokens", async () => {
    const { emulator, ask, send } = await startTestEmulator();
    await ask("/_wa-hook/fail", post({ code: 131056, times: 1 }));
    expect((await send()).json.error.code).toBe(131056);
    expect((await ask("/_wa-hook/fail", post({ code: "no" }))).status).toBe(400);
    expect((await ask("/_wa-hook/advance", post({ ms: "25h" }))).json).toEqual({ success: true });
    expect((await send({}, { token: emulator.tokens.temporary })).json.error.code).toBe(190);
    expect((await ask("/_wa-hook/advance", post({ ms: "soon" }))).status).toBe(400);
    expect(JSON.parse((await ask("/_wa-hook/requests")).text)).toEqual(emulator.requests);
    expect((await ask("/_wa-hook/tokens")).json).toEqual(emulator.tokens);
    expect((await ask("/_wa-hook/reset", { method: "POST" })).json).toEqual({ success: true });
    expect(emulator.requests).toEqual([]);
  });

  test("lists its routes, and responds to unknown ones with 404", async () => {
    const { emulator, ask } = await startTestEmulator();
    const routes = expect.arrayContaining([expect.stringContaining("POST /_wa-hook/reset: ")]) as string[];
    expect((await ask("/_wa-hook")).json).toEqual({ url: emulator.url, routes });
    expect(await ask("/_wa-hook/nothing")).toMatchObject({ status: 404, json: { error: { routes } } });
    const headers = { "content-type": "application/json" };
    expect((await ask("/_wa-hook/fail", { body: "{", headers })).status).toBe(400);
    expect((await ask("/_wa-hook/fail", { body: "x".repeat(1024 * 1024 + 1), headers })).status).toBe(413);
    expect((await ask("/_wa-hooks")).json.error.code).toBe(100);
  });

  test("rejects web pages, including those that use DNS rebinding", async () => {
    const { emulator, ask } = await startTestEmulator();
    const headers = { origin: "https://example.com" };
    expect((await ask("/_wa-hook/reset", { method: "POST", headers })).status).toBe(403);
    const at = (path: string, host: string) =>
      raw(emulator.port, `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    for (const path of ["/_wa-hook", "/v25.0/me"]) {
      for (const host of ["example.com", "127.0.0.1.example.com:80", "emulator"]) {
        expect(await at(path, host)).toMatch(/^HTTP\/1.1 403 /);
      }
    }
    for (const host of ["localhost", `127.0.0.1:${emulator.port}`, "[::1]:80", "LocalHost:1"]) {
      expect(await at("/_wa-hook", host)).toMatch(/^HTTP\/1.1 200 /);
    }
  });

  test("accepts IP addresses and local names when the host is 0.0.0.0, and no public names", async () => {
    const { emulator } = await startTestEmulator({ ...QUIET, host: "0.0.0.0" });
    const at = (host: string) =>
      raw(emulator.port, `GET /_wa-hook HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    for (const host of ["192.168.0.7:4300", "emulator:4300"]) expect(await at(host)).toMatch(/^HTTP\/1.1 200 /);
    expect(await at("emulator.example.com:4300")).toMatch(/^HTTP\/1.1 403 /);
    expect(emulator.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });
});
