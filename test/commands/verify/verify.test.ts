/** What `wa-hook verify` says of captured deliveries. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { main } from "../../../src/cli/main.ts";
import { openStore } from "../../../src/store/sqlite/sqlite-store.ts";
import { sign, signSha1 } from "../../../src/webhook/signature.ts";
import { wireOf } from "../../support/http.ts";
import { receivedBody } from "../../support/received.ts";
import { transcript, wordsOf } from "../../support/transcript.ts";
import { temporaryFolder, testWorld } from "../../support/world.ts";

const env = {
  WHATSAPP_APP_SECRET: "test-app-secret",
  APP_SECRET: "test-other-app",
  WHATSAPP_VERIFY_TOKEN: "test-verify-token",
};
// Has an accent, a slash, an emoji and an @.
const BODY = wireOf("text.emoji");
const VALID = sign(BODY, env.WHATSAPP_APP_SECRET);

/** A folder with this file. */
function folderWith(text: string | Buffer, name = "captured.txt"): string {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, name), text);
  return cwd;
}

const verify = (text: string | Buffer, flags = "") =>
  transcript(`verify captured.txt ${flags}`.trim(), { cwd: folderWith(text), env });

/** A request as it is sent, with these bytes as its body. */
function request(body: Buffer | string, more: Record<string, string> = {}, lineEnd = "\r\n"): Buffer {
  const headers = Object.entries({
    Host: "example.com",
    "Content-Type": "application/json",
    "X-Hub-Signature-256": VALID,
    ...more,
  }).map(([name, value]) => `${name}: ${value}`);
  const head = ["POST /webhook HTTP/1.1", ...headers, "", ""].join(lineEnd);
  return Buffer.concat([Buffer.from(head), Buffer.from(body)]);
}

const length = { "Content-Length": String(BODY.length) };
const curl = (text: Buffer) =>
  `* Connected to example.com\n${text.toString("latin1").replaceAll(/^(?!\{)/gm, "> ")}\n* upload completely sent off\n< HTTP/1.1 200 OK\n<\n`;
const tcpdump = (text: Buffer) =>
  `12:00:00.000001 IP 10.0.0.1.5000 > 10.0.0.2.80: Flags [P.], length 900: HTTP: POST /webhook HTTP/1.1\nE..x..@.@......P.....${text.toString("latin1").replaceAll("\r", "")}\n12:00:00.100001 IP 10.0.0.2.80 > 10.0.0.1.5000: Flags [.], length 0\nE..4..@.@...\n`;

test.each([
  ["a request as sent", request(BODY, length)],
  [
    "a request without Content-Length and with a line break at the end",
    Buffer.concat([request(BODY), Buffer.from("\n")]),
  ],
  [
    "headers and a body without a request line, in lines of a file",
    request(BODY, {}, "\n")
      .toString("latin1")
      .replace(/^POST.*\n/, ""),
  ],
  ["the output of curl -v", curl(request(BODY, length, "\n"))],
  ["the output of tcpdump -A", tcpdump(request(BODY, length))],
  [
    "a chunked request",
    request(
      `10\r\n${BODY.toString("latin1", 0, 16)}\r\n${(BODY.length - 16).toString(16)}\r\n${BODY.toString("latin1", 16)}\r\n0\r\n\r\n`,
      { "Transfer-Encoding": "chunked" },
    ),
  ],
  ["two requests on one connection", Buffer.concat([request(BODY, length), request("{}", length)])],
])("%s is verified with the bytes of its body", async (_, text) => {
  expect(await verify(text as Buffer)).toContain(
    `✓ captured.txt  valid: signed with WHATSAPP_APP_SECRET in the environment (${BODY.length} bytes)\nexit 0`,
  );
});

test("a file with the body alone needs the signature, in any of three forms", async () => {
  for (const flag of [
    `--signature ${VALID}`,
    `--signature "X-Hub-Signature-256: ${VALID}"`,
    `--header "X-Hub-Signature-256: ${VALID}"`,
  ]) {
    expect(await verify(BODY, flag)).toContain("exit 0");
  }
  expect(await verify(BODY)).toContain("add --signature with the value of X-Hub-Signature-256\nexit 2");
});

test.each([
  ["another secret of the settings", sign(BODY, "test-other-app"), BODY, "signed with APP_SECRET, not the app secret"],
  ["the verify token", sign(BODY, "test-verify-token"), BODY, "signed with the verify token, not the app secret"],
  ["a line break at its end", VALID, `${BODY.toString()}\n`, "a trailing newline was added to the body after signing"],
  [
    "its JSON parsed and written again",
    VALID,
    JSON.stringify(JSON.parse(BODY.toString())),
    "escaping was undone after signing",
  ],
  [
    "a changed letter",
    VALID,
    BODY.toString().replace("shop", "ship"),
    "signed with an unknown secret, or the body changed in transit",
  ],
])("a body with %s is not valid, and the reason is named", async (_, signature, body, reason) => {
  const seen = await verify(body, `--signature ${signature}`);
  expect(seen).toContain(`✗ captured.txt  signature mismatch: ${reason}`);
  expect(seen).toContain("exit 1");
});

test("a request that a tool printed anew is explained, with the length that it had", async () => {
  const parsed = JSON.stringify(JSON.parse(BODY.toString()));
  const seen = await verify(request(parsed, length));
  expect(seen).toContain("escaping was undone after signing");
  expect(seen).toContain(`bytes, of ${BODY.length} in Content-Length)`);
  expect(seen).toContain("exit 1");
});

test("a request without the signature is not valid", async () => {
  const unsigned = request(BODY)
    .toString("latin1")
    .replace(/^X-Hub-Signature-256.*\r\n/m, "");
  expect(await verify(unsigned)).toContain("✗ captured.txt  missing signature: no X-Hub-Signature-256 header");
  const legacy = unsigned.replace("Host:", `X-Hub-Signature: ${signSha1(BODY, env.WHATSAPP_APP_SECRET)}\r\nHost:`);
  expect(await verify(legacy)).toContain("only the legacy SHA-1 header X-Hub-Signature, which is valid");
  const twice = request(BODY).toString("latin1").replace("Host:", `x-hub-signature-256: ${VALID}\r\nHost:`);
  expect(await verify(twice)).toContain("X-Hub-Signature-256 was sent more than once");
});

test("recorded deliveries are verified by id and as exported lines", async () => {
  const cwd = temporaryFolder();
  const store = await openStore(join(cwd, "events.db"));
  const headers = (signature: string): [string, string][] => [["X-Hub-Signature-256", signature]];
  await store.record(receivedBody(BODY, { headers: headers(VALID) }));
  await store.record(
    receivedBody(BODY, { headers: headers(sign(BODY, "test-verify-token")), reason: "signature mismatch", keys: [] }),
  );
  await store.close();
  const options = { cwd, env };
  const world = testWorld(options);
  expect(await main(wordsOf("events export --store events.db"), world)).toBe(0);
  writeFileSync(join(cwd, "received.ndjson"), world.stdout.text);
  const seen = [
    await transcript("verify @1 --store events.db", options),
    await transcript("verify @last --store events.db", options),
    await transcript("verify @1 --store events.db --signature sha256=abc", options),
    await transcript("verify received.ndjson", options),
    await transcript("verify - --json", { ...options, stdin: world.stdout.text }),
    await transcript("verify @9 --store events.db", options),
  ];
  await expect(seen.join("\n")).toMatchFileSnapshot("../../transcripts/verify.txt");
});

test("input that cannot be used, and a missing secret, end with 2", async () => {
  const seen = [
    await verify(""),
    await verify(request(BODY.subarray(0, 100), length)),
    await transcript("verify missing.txt", { env }),
    await transcript("verify captured.txt --signature sha256=00", { cwd: folderWith(BODY) }),
    await transcript("verify captured.txt --header nonsense", { cwd: folderWith(BODY), env }),
  ];
  for (const each of seen) expect(each).toContain("exit 2");
  await expect(seen.join("\n")).toMatchFileSnapshot("../../transcripts/verify-unusable.txt");
});

test("the development secret of the folder is used when none is set, and no secret is printed", async () => {
  const cwd = folderWith("", "empty.txt");
  await transcript("listen --print-verify-token", { cwd });
  const { readFileSync } = await import("node:fs");
  const file = readFileSync(join(cwd, ".wa-hook/development.env"), "utf8");
  const secret = /WHATSAPP_APP_SECRET=(.*)/.exec(file)?.[1] ?? "";
  writeFileSync(join(cwd, "captured.txt"), request(BODY, { "X-Hub-Signature-256": sign(BODY, secret) }));
  const seen = await transcript("verify captured.txt", { cwd });
  expect(seen).toContain("valid: signed with the development secret in .wa-hook/development.env");
  expect(seen).not.toContain(secret);
  expect(await transcript("verify captured.txt", { cwd, env })).toContain(
    "signed with the development secret, not the app secret",
  );
});
