/** Requests as clients of the Graph API write them: parameters anywhere, in any encoding, and several requests in one. */
import { describe, expect, test } from "vitest";

import { fieldsOfForm } from "../../src/emulator/http/form.ts";
import { hello, startTestEmulator, upload } from "./test-emulator.ts";

describe("global parameters", () => {
  test("are accepted on every route, in the query and in the body, and have no entry in the ignored ones", async () => {
    const { emulator, ask } = await startTestEmulator();
    const { phoneNumberId, businessAccountId, accessToken } = emulator.account;
    const query = "format=json&debug=all&pretty=0&suppress_http_code=0&locale=en_US&date_format=U";
    const text = JSON.stringify({ body: "Hello" });
    for (const path of [`/${phoneNumberId}`, `/${businessAccountId}/phone_numbers`, "/me"]) {
      const { status, headers } = await ask(`${path}?${query}`);
      expect([status, headers.get("x-wa-hook-ignored")]).toEqual([200, null]);
    }
    const fields = {
      ...hello(emulator),
      text,
      format: "json",
      debug: "all",
      locale: "en_US",
      access_token: accessToken,
    };
    const sent = await ask(`/${phoneNumberId}/messages?${query}`, {
      body: new URLSearchParams(fields as Record<string, string>),
      token: null,
    });
    expect(sent.status).toBe(200);
  });

  test("method replaces the HTTP method, in the query and in a form", async () => {
    const { emulator, ask } = await startTestEmulator();
    const { phoneNumberId } = emulator.account;
    const shown = await ask(`/${phoneNumberId}?method=get&fields=status`, { method: "POST" });
    expect(shown.json).toEqual({ status: "CONNECTED", id: phoneNumberId });
    const form = new URLSearchParams({ method: "GET", fields: "account_mode" });
    expect((await ask(`/${phoneNumberId}`, { body: form })).json).toEqual({
      account_mode: "SANDBOX",
      id: phoneNumberId,
    });
    const media = await upload({ emulator, ask }, new File(["x"], "a.txt", { type: "text/plain" }));
    expect((await ask(`/${media.json.id}?method=delete`)).json).toEqual({ success: true });
    expect((await ask(`/${media.json.id}`)).json.error.error_subcode).toBe(33);
    // The control API has no such parameter.
    expect((await ask("/_wa-hook/reset?method=post")).status).toBe(404);
  });

  test("pretty breaks lines, and suppress_http_code makes every status 200", async () => {
    const { emulator, ask } = await startTestEmulator();
    const pretty = await ask(`/${emulator.account.phoneNumberId}?pretty=1&fields=verified_name`);
    expect(pretty.text).toMatch(/^\{\n +"verified_name": "Test Number",\n/);
    expect(pretty.headers.get("content-length")).toBe(String(pretty.text.length));
    const suppressed = await ask("/me?suppress_http_code=1", { token: "garbage" });
    expect(suppressed).toMatchObject({ status: 200, json: { error: { code: 190 } } });
  });
});

test("a token in the query or the body takes precedence over the one in the header", async () => {
  const { emulator, ask } = await startTestEmulator();
  const { tokens, account } = emulator;
  const inspected = `input_token=${encodeURIComponent(tokens.sixtyDays)}`;
  const app = encodeURIComponent(tokens.app);
  expect((await ask(`/debug_token?${inspected}&access_token=${app}`)).json.data.is_valid).toBe(true);
  expect((await ask(`/debug_token?${inspected}`)).json.error.code).toBe(100);
  expect((await ask(`/me?access_token=${tokens.expired}`)).json.error.code).toBe(190);
  const fields = { object: "whatsapp_business_account", access_token: tokens.app };
  const answered = await ask(`/${account.appId}/subscriptions`, { body: new URLSearchParams(fields) });
  expect(answered.json.error.message).toBe("(#100) The parameter callback_url is required.");
});

describe("a message is accepted", () => {
  test("with null for what is absent, and with ids as numbers", async () => {
    const { emulator, ask } = await startTestEmulator();
    const path = `/${emulator.account.phoneNumberId}/messages`;
    const body = `{"messaging_product":"whatsapp","to":16505551234,"recipient":null,"context":null,"type":"text","text":{"body":"{\\"id\\": 7} null","preview_url":null}}`;
    const { status } = await ask(path, { body, headers: { "content-type": "application/json" } });
    expect(status).toBe(200);
    expect(emulator.requests.at(-1)?.body).toEqual({
      messaging_product: "whatsapp",
      to: "16505551234",
      type: "text",
      text: { body: '{"id": 7} null' },
    });
    const { json } = await upload({ emulator, ask }, new File(["x"], "a.pdf", { type: "application/pdf" }));
    const image = `{"messaging_product":"whatsapp","to":"16505551234","type":"document","document":{"id": ${json.id}}}`;
    const sent = await ask(path, { body: image, headers: { "content-type": "application/json" } });
    expect(sent.json.error).toBeUndefined();
  });

  test("as a form with nested names, as a multipart form, and in the query", async () => {
    const { emulator, ask } = await startTestEmulator();
    const path = `/${emulator.account.phoneNumberId}/messages`;
    const flat = { messaging_product: "whatsapp", to: "16505551234", type: "text" };
    const nested = { ...flat, "text[body]": "Hello & goodbye" };
    const form = new FormData();
    for (const [name, value] of Object.entries(nested)) form.set(name, value);
    const query = new URLSearchParams({ ...flat, text: JSON.stringify({ body: "Hello" }) });
    expect((await ask(path, { body: new URLSearchParams(nested) })).status).toBe(200);
    expect(emulator.requests.at(-1)?.summary).toBe('"Hello & goodbye"');
    expect((await ask(path, { body: form })).status).toBe(200);
    const inQuery = await ask(`${path}?${String(query)}&colour=red`, { method: "POST" });
    expect([inQuery.status, inQuery.headers.get("x-wa-hook-ignored")]).toEqual([200, "colour"]);
  });
});

test("nested names become objects and lists, without touching prototypes", () => {
  const form = (text: string) => fieldsOfForm([...new URLSearchParams(text)]);
  expect(form("a=1&b[c]=2&b[d][]=3&b[d][]=4&e[0][f]=5&e[1][f]=6")).toEqual({
    a: "1",
    b: { c: "2", d: ["3", "4"] },
    e: [{ f: "5" }, { f: "6" }],
  });
  expect(form(`x${"[a]".repeat(50)}=1&y[=2&[z]=3`)).toEqual({ [`x${"[a]".repeat(50)}`]: "1", "y[": "2", "[z]": "3" });
  form("__proto__[polluted]=1&a[__proto__][polluted]=1&a[constructor][prototype][polluted]=1");
  expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
});

test("several files are uploaded at once and one after the other, also without a filename or a known type", async () => {
  const { emulator, ask } = await startTestEmulator();
  const file = (name: string) =>
    upload({ emulator, ask }, new File([name], `${name}.pdf`, { type: "application/pdf" }));
  const ids = (await Promise.all(["a", "b", "c"].map(file))).map(({ json }) => json.id as string);
  ids.push((await file("d")).json.id, (await file("d")).json.id);
  expect(new Set(ids).size).toBe(5);
  const path = `/${emulator.account.phoneNumberId}/media`;
  const headers = { "content-type": "multipart/form-data; boundary=x" };
  const part = (head: string, value: string) => `--x\r\nContent-Disposition: form-data; ${head}\r\n\r\n${value}\r\n`;
  const product = part('name="messaging_product"', "whatsapp");
  const unnamed = `${product}${part('name="file"\r\nContent-Type: text/plain', "Hello")}--x--`;
  expect((await ask(path, { body: unnamed, headers })).json).toEqual({ id: expect.any(String) });
  const bytes = part('name="file"; filename="a"\r\nContent-Type: application/octet-stream', "Hello");
  const typed = `${product}${part('name="type"', "text/plain")}${bytes}--x--`;
  const { id } = (await ask(path, { body: typed, headers })).json;
  expect((await ask(`/${id}`)).json.mime_type).toBe("text/plain");
});

describe("a batch", () => {
  const batchOf = (parts: unknown, more: object = {}) => ({ json: { batch: parts, ...more } });

  test("performs its requests in order; each has its own response, and one that fails affects no other", async () => {
    const { emulator, ask } = await startTestEmulator();
    const { phoneNumberId, accessToken } = emulator.account;
    const form = new URLSearchParams({ ...hello(emulator), text: JSON.stringify({ body: "Hello" }) } as Record<
      string,
      string
    >);
    const { status, text } = await ask(
      "/v25.0/",
      batchOf([
        { method: "POST", relative_url: `v24.0/${phoneNumberId}/messages`, body: String(form) },
        { method: "GET", relative_url: `${phoneNumberId}?fields=status` },
        { method: "POST", relative_url: `${phoneNumberId}/messages`, body: JSON.stringify(hello(emulator)) },
        { method: "GET", relative_url: `me?access_token=${emulator.tokens.expired}` },
        { relative_url: "no/such/path" },
      ]),
    );
    const responses = JSON.parse(text) as { code: number; headers: object[]; body: string }[];
    expect([status, responses.map(({ code }) => code)]).toEqual([200, [200, 200, 200, 401, 400]]);
    expect(JSON.parse(responses[1]?.body ?? "")).toEqual({ status: "CONNECTED", id: phoneNumberId });
    expect(responses[0]?.headers).toEqual([{ name: "Content-Type", value: "application/json; charset=UTF-8" }]);
    expect(emulator.requests.map(({ kind, version }) => [kind, version])).toEqual([
      ["text", "v24.0"],
      [undefined, "v25.0"],
      ["text", "v25.0"],
      [undefined, "v25.0"],
      [undefined, "v25.0"],
      [undefined, "v25.0"],
    ]);
    expect(JSON.stringify(emulator.requests)).not.toMatch(new RegExp(`${accessToken}|${emulator.tokens.expired}`));
  });

  test("can be a form, without headers in the responses, and with a token for all or for one", async () => {
    const { emulator, ask } = await startTestEmulator();
    const { phoneNumberId, accessToken } = emulator.account;
    const parts = [
      { method: "GET", relative_url: phoneNumberId },
      { method: "GET", relative_url: "me", access_token: emulator.tokens.expired },
    ];
    const fields = { batch: JSON.stringify(parts), access_token: accessToken, include_headers: "false" };
    const { text } = await ask("/", { body: new URLSearchParams(fields), token: null });
    const responses = JSON.parse(text) as object[];
    expect(responses.map((each) => Object.keys(each))).toEqual([
      ["code", "body"],
      ["code", "body"],
    ]);
    expect(responses).toMatchObject([{ code: 200 }, { code: 401 }]);
  });

  test("has at most 50 requests, and what the emulator does not support is said", async () => {
    const { ask } = await startTestEmulator();
    const many = Array.from({ length: 51 }, () => ({ method: "GET", relative_url: "me" }));
    expect((await ask("/", batchOf(many))).json.error.message).toBe(
      "(#100) Too many requests in batch message. Maximum batch size is 50",
    );
    expect(JSON.parse((await ask("/", batchOf(many.slice(1)))).text)).toHaveLength(50);
    for (const batch of ["{", [], [7], {}, "[]"]) expect((await ask("/", batchOf(batch))).json.error.code).toBe(100);
    const nested = await ask("/", batchOf([{ method: "POST", relative_url: "", body: "batch=[]" }]));
    expect(JSON.parse(nested.text)).toMatchObject([{ code: 400 }]);
    for (const part of [{ attached_files: "a" }, { relative_url: "{result=a:$.id}" }]) {
      expect((await ask("/", batchOf([part]))).json.error.error_data.details).toContain(
        "the emulator does not support",
      );
    }
    expect((await ask("/", { ...batchOf(many), token: "garbage" })).json.error.code).toBe(190);
  });
});

test("several ids are looked up at once, and one that does not exist fails all", async () => {
  const { emulator, ask } = await startTestEmulator();
  const { phoneNumberId, businessAccountId } = emulator.account;
  const { json } = await ask(`/v25.0/?ids=${phoneNumberId},${businessAccountId}&fields=id`);
  expect(json).toEqual({ [phoneNumberId]: { id: phoneNumberId }, [businessAccountId]: { id: businessAccountId } });
  expect((await ask(`/?ids=${phoneNumberId},1`)).json.error.error_subcode).toBe(33);
  const many = Array.from({ length: 51 }, (_, index) => index).join(",");
  expect((await ask(`/?ids=${many}`)).json.error.code).toBe(100);
});
