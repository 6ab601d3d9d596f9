/** Bodies that are not as Meta's: what the listener says of each, and that nothing is lost. */
import { once } from "node:events";
import { connect } from "node:net";

import { expect, test } from "vitest";

import { post, raw, signed } from "../support/http.ts";
import { listenInBackground } from "../support/listen.ts";
import { transcript } from "../support/transcript.ts";
import { temporaryFolder } from "../support/world.ts";

const SECRET = "test-app-secret";
const env = { WHATSAPP_APP_SECRET: SECRET, WHATSAPP_VERIFY_TOKEN: "test-verify-token" };

const message = (body: string, more = "") =>
  `{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages","value":{"messages":[{${more}"from":"16505551234","type":"text","text":{"body":${body}}}]}}]}]}`;

test("each malformed body is reported, and correctly signed ones are recorded byte for byte", async () => {
  const cwd = temporaryFolder();
  const terminal = await listenInBackground("", { cwd, env });
  const url = `http://127.0.0.1:${terminal.port}/webhook`;
  const send = (body: string | Buffer, headers = {}) => post(url, body, { ...signed(body, SECRET), ...headers });

  const kept = [
    "not JSON",
    Buffer.from([0x7b, 0xff, 0x7d]),
    `{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"deep","value":{"a":${"[".repeat(50_000)}${"]".repeat(50_000)}}}]}]}`,
    message('"the second one counts"', '"id":"wamid.a","id":"wamid.b",'),
    message('"no pollution"', '"id":"wamid.c","__proto__":{"type":"image"},"constructor":{"prototype":{}},'),
    message("5", '"id":"wamid.d",'),
    message('"a terminal\\u001b[2J\\u0007 and \\u202e tricks"', '"id":"wamid.e",'),
  ];
  for (const body of kept) expect(await send(body)).toBe(200);
  expect(await send(message('"text/plain"', '"id":"wamid.f",'), { "content-type": "text/plain" })).toBe(200);

  const chunked = message('"in pieces"', '"id":"wamid.g",');
  const head = Object.entries(signed(chunked, SECRET)).map(([name, value]) => `${name}: ${value}\r\n`);
  const pieces = [chunked.slice(0, 50), chunked.slice(50)].map(
    (piece) => `${piece.length.toString(16)}\r\n${piece}\r\n`,
  );
  const request = `POST /webhook HTTP/1.1\r\nhost: x\r\nconnection: close\r\n${head.join("")}transfer-encoding: chunked\r\n\r\n`;
  expect(await raw(terminal.port, request, ...pieces, "0\r\n\r\n")).toMatch(/^HTTP\/1\.1 200 /);

  const socket = connect(terminal.port, "127.0.0.1");
  await once(socket, "connect");
  socket.end("POST /webhook HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nhalf");
  socket.resume();
  await terminal.shows("connection closed by the sender");
  expect(await send(Buffer.alloc(3 * 1024 * 1024 + 1, "x"))).toBe(413);

  const seen = await terminal.stop();
  const list = await transcript("events list", { cwd, env });
  await expect([seen, list].join("\n")).toMatchFileSnapshot("../transcripts/session-odd-bodies.txt");
  const exported = await transcript("events export", { cwd, env });
  for (const body of kept) expect(exported).toContain(`"body_b64":"${Buffer.from(body).toString("base64")}"`);
  expect(await transcript("events show 3", { cwd, env })).toContain("exit 0");
});
