/** The TLS probes, against servers with certificates of a CA of their own. */
import { createServer, type ServerOptions } from "node:https";
import type { AddressInfo } from "node:net";

import { expect, onTestFinished, test } from "vitest";

import type { CheckResult } from "../../src/index.ts";
import { makeCertificates } from "../support/ngrok-peer/certificate.ts";
import { checkedAt, findingOf, handler, mistakesOf } from "./receiver.ts";

const { ca, cert, key } = makeCertificates();
const TLS = { only: ["tls", "signature.valid", "response.after-body"] };

async function checkedWith(options: ServerOptions, more: { ca?: string } = { ca }): Promise<CheckResult> {
  const server = createServer({ cert, key, ...options }, handler()).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return checkedAt(`https://127.0.0.1:${(server.address() as AddressInfo).port}/webhook`, { ...TLS, ...more });
}

test("a certificate of a trusted CA passes, and its version and days are named", async () => {
  const result = await checkedWith({});
  expect(findingOf(result, "tls.trusted")).toMatchObject({ status: "pass" });
  expect(findingOf(result, "tls.version")?.got).toBe("TLSv1.3");
  expect(findingOf(result, "signature.valid")?.status).toBe("pass");
  expect(findingOf(result, "response.after-body")?.status).toBe("pass");
  // The certificate of the test is valid for a day.
  expect(findingOf(result, "tls.expiry")).toMatchObject({ status: "warn", got: "in 0 days" });
});

test("a certificate that is not trusted is the one failure, and nothing is sent to its server", async () => {
  const result = await checkedWith({}, {});
  expect(mistakesOf(result)).toEqual(["untrusted-certificate"]);
  expect(result.requests).toBe(0);
  expect(findingOf(result, "signature.valid")?.got).toMatch(/^not checked: /);
});

test.each([
  [true, /^requested/],
  [false, /^not requested/],
])("a server that asks for a client certificate (%s) is seen", async (requestCert, got) => {
  const result = await checkedWith({ requestCert, rejectUnauthorized: false });
  expect(findingOf(result, "tls.client-certificate")).toMatchObject({
    status: "pass",
    got: expect.stringMatching(got) as string,
  });
});

test("a server with TLS 1.1 only gets a warning", async () => {
  const result = await checkedWith({ minVersion: "TLSv1.1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" });
  expect(findingOf(result, "tls.version")).toMatchObject({ status: "warn", got: "TLSv1.1", reason: "old-tls" });
});

test("a server that does not speak TLS is a failure", async () => {
  const { createServer: createPlain } = await import("node:http");
  const server = createPlain(handler()).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  onTestFinished(() => void server.close());
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/webhook`;
  expect(findingOf(await checkedAt(url, TLS), "tls.trusted")?.status).toBe("fail");
});
