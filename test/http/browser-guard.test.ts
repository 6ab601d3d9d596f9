/** Which requests a server on this machine serves, by their headers. */
import { describe, expect, test } from "vitest";

import { refusalOf } from "../../src/http/browser-guard.ts";

const OWN = "127.0.0.1:4300";

describe("a Host is served", () => {
  test.each([
    ["127.0.0.1:4300", "127.0.0.1"],
    ["127.0.0.1", "127.0.0.1"],
    ["localhost:4300", "127.0.0.1"],
    ["LocalHost:1", "127.0.0.1"],
    ["[::1]:4300", "::1"],
    ["[::1]", "127.0.0.1"],
    ["192.168.0.7:4300", "192.168.0.7"],
    ["[fe80::1]:4300", "fe80::1"],
    ["192.168.0.7:4300", "0.0.0.0"],
    ["[fe80::1]", "::"],
    ["emulator:4300", "0.0.0.0"],
  ])("%s, by a server on %s", (host, address) => {
    expect(refusalOf("POST", { host }, address)).toBeUndefined();
  });
});

describe("a Host is refused", () => {
  test.each([
    ["example.com:4300", "127.0.0.1"],
    ["localhost.:4300", "127.0.0.1"],
    ["127.0.0.1.example.com", "127.0.0.1"],
    ["localhost.example.com", "127.0.0.1"],
    ["example.com:127.0.0.1", "127.0.0.1"],
    ["user@127.0.0.1", "127.0.0.1"],
    ["0.0.0.0:4300", "127.0.0.1"],
    ["192.168.0.7:4300", "127.0.0.1"],
    ["emulator:4300", "127.0.0.1"],
    ["[::1", "127.0.0.1"],
    ["", "127.0.0.1"],
    ["example.com", "0.0.0.0"],
    ["emulator.", "0.0.0.0"],
    ["", "0.0.0.0"],
  ])("%s, by a server on %s", (host, address) => {
    expect(refusalOf("GET", { host }, address)).toMatch(/^(unexpected|missing) Host header/);
  });

  test("and so is none", () => expect(refusalOf("GET", {}, "127.0.0.1")).toBe("missing Host header"));
});

test.each([
  "https://example.com",
  "null",
  "",
  "http://127.0.0.1:3000",
  "http://localhost:4300",
  "https://127.0.0.1:4300",
  "http://127.0.0.1:4300, https://example.com",
])("the origin %s is refused", (origin) => {
  for (const method of ["GET", "POST"]) {
    expect(refusalOf(method, { host: OWN, origin }, "127.0.0.1")).toContain("web pages");
  }
});

test("a server's own page is served", () => {
  const headers = { host: "LOCALHOST:4300", origin: "http://localhost:4300", "sec-fetch-site": "same-origin" };
  expect(refusalOf("POST", headers, "127.0.0.1")).toBeUndefined();
});

test.each(["cross-site", "same-site", "anything", "same-origin, cross-site", ""])(
  "what a browser calls %s is refused",
  (site) => {
    expect(refusalOf("GET", { host: OWN, "sec-fetch-site": site }, "127.0.0.1")).toContain("Sec-Fetch-Site");
  },
);

test("requests from the address bar and from programs are served", () => {
  expect(refusalOf("GET", { host: OWN, "sec-fetch-site": "none" }, "127.0.0.1")).toBeUndefined();
  expect(refusalOf("POST", { host: OWN, "sec-fetch-mode": "cors" }, "127.0.0.1")).toBeUndefined();
});

test("a preflight is refused", () => {
  const headers = { host: OWN, "access-control-request-method": "POST" };
  expect(refusalOf("OPTIONS", headers, "127.0.0.1")).toContain("web pages");
});

test("a long name is not repeated in full", () => {
  expect(refusalOf("GET", { host: "a".repeat(10_000) }, "127.0.0.1")?.length).toBeLessThan(200);
});
