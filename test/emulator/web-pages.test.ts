/** Requests that a web page can send to an emulator on the same machine have no effect. */
import { describe, expect, test } from "vitest";

import { raw } from "../support/http.ts";
import { anApp, startTestEmulator, QUIET, type Emulated } from "./test-emulator.ts";

/** A form or no-cors fetch of another origin, as Chromium sends it without a preflight. */
const CROSS_SITE = {
  origin: "https://example.com",
  "sec-fetch-site": "cross-site",
  "sec-fetch-mode": "no-cors",
  "sec-fetch-dest": "empty",
};

/** Sends headers that `fetch` would reject. */
async function browser(
  { emulator }: Emulated,
  line: string,
  headers: Record<string, string>,
  body = "",
): Promise<{ status: number; text: string }> {
  const all = { host: `127.0.0.1:${emulator.port}`, ...headers, connection: "close", "content-length": body.length };
  const head = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  const text = await raw(emulator.port, `${line} HTTP/1.1\r\n${head.join("")}\r\n${body}`);
  return { status: Number(text.slice(9, 12)), text };
}

const TYPES = ["text/plain;charset=UTF-8", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""];

describe("a page of another origin", () => {
  test.each(TYPES)("cannot set a callback URL even with the token, with content type %j", async (type) => {
    const app = await anApp();
    const stage = await startTestEmulator();
    const { businessAccountId, accessToken } = stage.emulator.account;
    const line = `POST /v25.0/${businessAccountId}/subscribed_apps?access_token=${accessToken}`;
    const body = JSON.stringify({ override_callback_uri: app.url, verify_token: app.verifyToken });
    const refused = await browser(stage, line, { ...CROSS_SITE, "content-type": type }, body);
    expect(refused.status).toBe(403);
    const { json } = await stage.ask(`/${businessAccountId}/subscribed_apps`);
    expect(json.data[0].override_callback_uri).toBeUndefined();
    expect(stage.emulator.requests).toHaveLength(1);
  });

  test.each(TYPES)("cannot send a message as the customer, with content type %j", async (type) => {
    const app = await anApp();
    const stage = await startTestEmulator({ ...QUIET, webhook: app.url });
    const headers = { "content-type": type };
    const body = '{"text":"signed with your secret"}';
    for (const each of [CROSS_SITE, { origin: "null" }, { "sec-fetch-site": "same-site" }]) {
      expect((await browser(stage, "POST /_wa-hook/messages", { ...headers, ...each }, body)).status).toBe(403);
    }
    // Old browsers send neither header; the body is still rejected because its type is not JSON.
    const unmarked = await browser(stage, "POST /_wa-hook/messages", headers, body);
    expect(unmarked).toMatchObject({ status: 400, text: expect.stringContaining("content-type: application/json") });
    await stage.emulator.settled();
    expect(app.bodies).toEqual([]);
  });

  test("gets no CORS permission: preflights are rejected, and no response allows sharing", async () => {
    const stage = await startTestEmulator();
    for (const path of ["/_wa-hook/reset", "/v25.0/me"]) {
      const { status, text } = await browser(stage, `OPTIONS ${path}`, {
        ...CROSS_SITE,
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization,content-type",
        "access-control-request-private-network": "true",
      });
      expect(status).toBe(403);
      expect(text.toLowerCase()).not.toContain("access-control-allow");
    }
  });

  test("cannot read the tokens: as a script, as an image, as a frame, by a link", async () => {
    const stage = await startTestEmulator();
    for (const mode of ["no-cors", "navigate", "websocket", "cors"]) {
      const headers = { "sec-fetch-site": "cross-site", "sec-fetch-mode": mode };
      const { status, text } = await browser(stage, "GET /_wa-hook/tokens", headers);
      expect(status).toBe(403);
      expect(text).not.toContain("EAAG");
    }
    const own = await browser(stage, "GET /_wa-hook/tokens", {});
    expect(own.text).toContain("EAAG");
    expect(own.text).toContain("x-content-type-options: nosniff");
    expect(own.text).toContain("cross-origin-resource-policy: same-origin");
  });

  test("is rejected before its body is read, and one warning is emitted", async () => {
    const stage = await startTestEmulator();
    const refused = stage.next("warning");
    for (let sent = 0; sent < 3; sent++) {
      const { status } = await browser(stage, "POST /v25.0/me", { ...CROSS_SITE, "content-length": "900000000" });
      expect(status).toBe(403);
    }
    expect((await refused).message).toContain("web pages are rejected");
  });
});

test("DNS rebinding is rejected on every path", async () => {
  const stage = await startTestEmulator();
  for (const path of ["/", "/_wa-hook/tokens", "/v25.0/me", "//_wa-hook", "/whatsapp_business/attachments/"]) {
    const rebound = { host: `rebound.example.com:${stage.emulator.port}`, "sec-fetch-site": "same-origin" };
    expect((await browser(stage, `GET ${path}`, rebound)).status).toBe(403);
    expect((await browser(stage, `GET http://127.0.0.1${path}`, rebound)).status).toBe(403);
  }
});

describe("a body is parsed only by its declared content type", () => {
  test.each(["text/plain", "", "text/html", "application/jsonp", "text/plain; application/json"])(
    "not as %j",
    async (type) => {
      const stage = await startTestEmulator();
      const { phoneNumberId, accessToken } = stage.emulator.account;
      const body = '{"messaging_product":"whatsapp","to":"16505551234","text":{"body":"Hello"}}';
      const headers = { authorization: `Bearer ${accessToken}`, "content-type": type };
      const { status, text } = await browser(stage, `POST /v25.0/${phoneNumberId}/messages`, headers, body);
      expect(status).toBe(400);
      expect(text).toContain('"message":"(#100) Invalid parameter"');
      expect(text).toContain("content-type: application");
    },
  );

  test("JSON is accepted in any letter case and with a charset", async () => {
    const { emulator, ask } = await startTestEmulator();
    const body = '{"messaging_product":"whatsapp","to":"16505551234","text":{"body":"Hello"}}';
    for (const type of ["application/json", "Application/JSON; charset=utf-8"]) {
      const path = `/${emulator.account.phoneNumberId}/messages`;
      expect((await ask(path, { body, headers: { "content-type": type } })).status).toBe(200);
    }
  });

  test("a token in a body of another type is ignored", async () => {
    const stage = await startTestEmulator();
    const body = JSON.stringify({ access_token: stage.emulator.account.accessToken });
    const { text } = await browser(
      stage,
      "POST /v25.0/106540352242922/messages",
      { "content-type": "text/plain" },
      body,
    );
    expect(text).toContain('"code":104');
  });
});
