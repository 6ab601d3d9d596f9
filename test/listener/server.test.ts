import { describe, expect, test } from "vitest";

import { UsageError } from "../../src/errors.ts";
import { MAX_BYTES } from "../../src/listener/receive.ts";
import { MemoryStore } from "../../src/store/memory.ts";
import { encodeWire } from "../../src/webhook/wire.ts";
import { APP_SECRET, listening, post, raw, signed, VERIFY_TOKEN, wireOf } from "../support/http.ts";

describe("the handshake", () => {
  const query = (token: string) => `?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=${token}`;

  test("gets exactly the challenge, as plain text", async () => {
    const { listener, next } = await listening();
    const response = await fetch(`${listener.url}${query(VERIFY_TOKEN)}`);
    expect(response.status).toBe(200);
    expect(await response.text()).toBe("1158201444");
    expect(response.headers.get("content-type")).toBe("text/plain");
    expect(await next("handshake")).toMatchObject({ ok: true });
  });

  test.each([
    ["with a wrong token", query("wrong")],
    ["without parameters", ""],
  ])("%s gets 403 without a reason", async (_, search) => {
    const { listener, next } = await listening();
    const response = await fetch(listener.url + search);
    expect(response.status).toBe(403);
    expect(await response.text()).toBe("");
    expect(await next("handshake")).toMatchObject({ ok: false, reason: expect.any(String) as string });
  });
});

describe("a delivery", () => {
  test("is in the store, byte for byte, before the response 200", async () => {
    const { listener, next } = await listening();
    const body = wireOf("text.emoji");
    expect(await post(listener.url, body)).toBe(200);
    const kept = listener.store.last();
    expect(kept?.verdict).toBe("accepted");
    expect(Buffer.from(kept?.body ?? []).equals(body)).toBe(true);
    expect(kept?.headers).toContainEqual(["x-hub-signature-256", signed(body)["x-hub-signature-256"]]);
    const told = await next("delivery");
    expect(told).toMatchObject({ delivery: kept?.id, verdict: "accepted", events: [{ kind: "text", name: "Sheena" }] });
    expect(told.ackMs).toBeGreaterThan(0);
  });

  test("gets a response only once the store has it", async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    class SlowStore extends MemoryStore {
      override async record(...received: Parameters<MemoryStore["record"]>) {
        await held;
        return super.record(...received);
      }
    }
    const store = new SlowStore();
    const { listener } = await listening({ store });
    let answered = false;
    const answer = post(listener.url, wireOf("text")).then((status) => {
      answered = true;
      return status;
    });
    await post(listener.url, "x", {});
    expect(answered).toBe(false);
    release();
    expect(await answer).toBe(200);
  });

  test("that was received before gets 200 and is reported as a duplicate", async () => {
    const { listener, next } = await listening();
    await post(listener.url, wireOf("text"));
    await post(listener.url, wireOf("text"));
    expect((await next("delivery")).verdict).toBe("accepted");
    expect((await next("delivery")).verdict).toBe("duplicate");
    expect(listener.summary()).toMatchObject({ deliveries: 2, duplicates: 1, events: { text: 2 } });
  });

  test.each([
    ["chunked", { "transfer-encoding": "chunked" }],
    ["of another Content-Type", { "content-type": "text/plain" }],
  ])("%s is accepted like any other", async (name, more) => {
    const { listener } = await listening();
    const body = wireOf("text");
    const headers = Object.entries({ host: "x", connection: "close", ...signed(body), ...more }).map(
      ([key, value]) => `${key}: ${value}\r\n`,
    );
    const sent =
      name === "chunked" ? `${body.length.toString(16)}\r\n${body.toString()}\r\n0\r\n\r\n` : body.toString();
    const length = name === "chunked" ? "" : `content-length: ${body.length}\r\n`;
    const answer = await raw(listener.port, `POST /webhook HTTP/1.1\r\n${headers.join("")}${length}\r\n${sent}`);
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    expect(Buffer.from(listener.store.last()?.body ?? []).equals(body)).toBe(true);
  });

  test.each([
    ["not JSON", Buffer.from("hello"), "body is not JSON"],
    ["not UTF-8", Buffer.from([0xff, 0xfe]), "body is not valid UTF-8"],
    ["not about WhatsApp", Buffer.from('{"object":"page","entry":[]}'), 'object is not "whatsapp_business_account"'],
    ["empty", Buffer.alloc(0), "body is not JSON"],
  ])("that is %s but correctly signed is recorded as a malformed event", async (_, body, summary) => {
    const { listener, next } = await listening();
    expect(await post(listener.url, body)).toBe(200);
    expect(await next("delivery")).toMatchObject({ events: [{ group: "malformed", summary }] });
    expect(Buffer.from(listener.store.last()?.body ?? []).equals(body)).toBe(true);
  });

  test("of 3 MB is accepted, and a larger one gets 413 and is not saved", async () => {
    const { listener, next } = await listening();
    const padded = (size: number) =>
      encodeWire({ object: "whatsapp_business_account", entry: [], pad: "x".repeat(size) });
    expect(await post(listener.url, padded(MAX_BYTES - 100))).toBe(200);
    expect(await post(listener.url, padded(MAX_BYTES))).toBe(413);
    expect(await next("rejected")).toMatchObject({
      status: 413,
      reason: expect.stringContaining("larger than") as string,
    });
    expect([...listener.store.deliveries()]).toHaveLength(1);
  });

  test("of endless size is cut off", async () => {
    const { listener } = await listening({ limits: { bodyBytes: 1000 } });
    const chunk = `3e8\r\n${"x".repeat(1000)}\r\n`;
    const answer = await raw(
      listener.port,
      "POST /webhook HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n",
      chunk.repeat(6),
    );
    expect(answer).toMatch(/^HTTP\/1\.1 413 .*connection: close/is);
  });

  test("that cannot be recorded gets 500 and is reported", async () => {
    class FullStore extends MemoryStore {
      override record(): Promise<never> {
        return Promise.reject(
          new UsageError("cannot write events.db: database or disk is full", { code: "store.full" }),
        );
      }
    }
    const { listener, next } = await listening({ store: new FullStore() });
    expect(await post(listener.url, wireOf("text"))).toBe(500);
    expect(await next("rejected")).toMatchObject({
      status: 500,
      reason: expect.stringMatching(/not recorded.*Meta retries.*full/) as string,
    });
    expect(listener.summary()).toMatchObject({ unrecorded: 1, deliveries: 0 });
  });
});

describe("a signature", () => {
  test.each([
    ["missing", {}, "no X-Hub-Signature-256 header"],
    [
      "short",
      { "x-hub-signature-256": signed(wireOf("text"))["x-hub-signature-256"]?.slice(0, -2) ?? "" },
      "62 hex digits instead of 64",
    ],
    ["repeated", { "x-hub-signature-256": `${signed(wireOf("text"))["x-hub-signature-256"]}, x` }, "more than once"],
    ["of another secret", signed(wireOf("text"), VERIFY_TOKEN), "signed with the verify token, not the app secret"],
  ])("that is %s gets a 401 without the reason, which is emitted and saved", async (_, headers, reason) => {
    const { listener, next } = await listening({ otherSecrets: [{ name: "the verify token", value: VERIFY_TOKEN }] });
    const response = await fetch(listener.url, { method: "POST", body: wireOf("text"), headers });
    expect(response.status).toBe(401);
    expect(await response.text()).toBe("");
    const rejected = await next("rejected");
    expect(rejected).toMatchObject({ status: 401, reason: expect.stringContaining(reason) as string });
    expect(listener.store.get(rejected.delivery ?? "")).toMatchObject({ verdict: "rejected", reason: rejected.reason });
    expect(JSON.stringify(rejected)).not.toContain(APP_SECRET);
  });
});

test("every delivery of a flood with wrong signatures is rejected, and only the first are analyzed", async () => {
  const { listener, next } = await listening();
  const bodies = Array.from({ length: 100 }, (_, index) => wireOf("text", `wamid.${index}`));
  const statuses = await Promise.all(bodies.map((body) => post(listener.url, body, signed(body, "another"))));
  expect(new Set(statuses)).toEqual(new Set([401]));
  const reasons = await Promise.all(bodies.map(async () => (await next("rejected")).reason));
  expect(reasons[0]).toContain("signed with an unknown secret");
  expect(reasons.filter((reason) => reason.includes("too many rejected deliveries")).length).toBeGreaterThanOrEqual(20);
});

test("a deeply nested body is rejected with a reason, and a body in tiny chunks is cut off", async () => {
  const { listener, next } = await listening();
  const deep = "[".repeat(30_000) + "]".repeat(30_000);
  expect(await post(listener.url, deep, signed("x"))).toBe(401);
  expect((await next("rejected")).reason).toMatch(/^signature mismatch: .*nested more than 100 levels/);
  const head = "POST /webhook HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n";
  expect(await raw(listener.port, head, "1\r\nx\r\n".repeat(3000))).toMatch(/^HTTP\/1\.1 400 .*connection: close/is);
  expect((await next("rejected")).reason).toContain("too many small chunks");
});

test("an evicted body gets 503 with Retry-After", async () => {
  const { listener, next } = await listening({ limits: { unverifiedBytes: 1_000_000 } });
  const slow = raw(
    listener.port,
    "POST /webhook HTTP/1.1\r\nhost: x\r\ncontent-length: 900000\r\n\r\n",
    Buffer.alloc(600_000),
  );
  const body = Buffer.alloc(700_000, " ");
  await expect.poll(() => post(listener.url, body)).toBe(200);
  expect(await slow).toMatch(/^HTTP\/1\.1 503 .*retry-after: 1/is);
  expect(await next("rejected")).toMatchObject({ status: 503 });
});

describe("other requests", () => {
  test.each([
    ["PUT", "/webhook", 405],
    ["DELETE", "/webhook", 405],
    ["POST", "/", 404],
    ["GET", "/webhook/", 404],
    ["POST", "/health", 404],
  ])("%s %s gets %i", async (method, path, status) => {
    const { listener, next } = await listening();
    const response = await fetch(new URL(path, listener.url), { method });
    expect(response.status).toBe(status);
    expect(await next("rejected")).toMatchObject({ status });
  });

  test("GET /health gets 200", async () => {
    const { listener } = await listening();
    const response = await fetch(new URL("/health", listener.url));
    expect(await response.json()).toEqual({ status: "ok" });
  });

  test("a query on the callback URL is no other path", async () => {
    const { listener } = await listening();
    expect(await post(`${listener.url}?tenant=1`, wireOf("text"))).toBe(200);
  });

  test("HTTPS on the HTTP port is reported as such", async () => {
    const { listener, next } = await listening();
    await raw(listener.port, Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03]));
    expect(await next("rejected")).toMatchObject({
      status: 400,
      reason: expect.stringContaining("not https://") as string,
    });
  });

  test("oversized headers get 431", async () => {
    const { listener, next } = await listening();
    expect(await raw(listener.port, `GET /webhook HTTP/1.1\r\nx: ${"y".repeat(20_000)}\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 431 /,
    );
    expect(await next("rejected")).toMatchObject({ status: 431 });
  });
});

test("a wrong signature is reported when it arrives, and its reason with the same number", async () => {
  const { listener, events, next } = await listening();
  const before = Date.now();
  await Promise.all([1, 2].map((n) => post(listener.url, wireOf("text", `wamid.${n}`), signed("other bytes"))));
  const numbers = [await next("rejected"), await next("rejected")].map(({ request }) => request);
  const mismatches = events.filter((event) => event.type === "mismatch");
  expect(mismatches.map(({ request }) => request)).toEqual([1, 2]);
  expect(new Set(numbers)).toEqual(new Set([1, 2]));
  expect(mismatches[0]?.at).toBeGreaterThanOrEqual(before);
  expect(events[0]?.type).toBe("mismatch");
});
