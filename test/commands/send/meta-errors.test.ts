/** Errors for unexpected responses of Meta, and for every known error code. */
import { expect, test } from "vitest";

import { ERROR_CODES } from "../../../src/meta-errors/error-table.ts";
import { emulated } from "../../support/emulated.ts";
import { serve } from "../../support/http.ts";
import { transcript } from "../../support/transcript.ts";

const env = { WHATSAPP_ACCESS_TOKEN: "EAAGFakeTokenOfATest", WHATSAPP_PHONE_NUMBER_ID: "106540352242922" };
const LINE = "send text Hello --to +16505551234";

type Answer = Parameters<typeof serve>[0];

const json = (status: number, error: object, headers: Record<string, string> = {}): Answer => {
  return (_, response) => response.writeHead(status, headers).end(JSON.stringify({ error }));
};

test("each kind of unexpected response has its error and its hint", async () => {
  const answers: [string, Answer][] = [
    ["a web page", (_, response) => response.writeHead(502).end("<!DOCTYPE html><title>Bad gateway</title>")],
    ["an empty body", (_, response) => response.end()],
    ["truncated JSON", (_, response) => response.end('{"messages":[')],
    [
      "a truncated body",
      (_, response) => response.writeHead(200, { "content-length": "99" }).write("{", () => response.destroy()),
    ],
    ["no bytes at all", (request) => request.socket.destroy()],
    ["no response in time", () => {}],
    ["a redirect", (_, response) => response.writeHead(301, { location: "https://example.com/" }).end()],
    ["an outage", json(503, { code: 2, message: "(#2) Service temporarily unavailable", is_transient: true })],
    ["too many requests", json(429, { code: 80007, message: "(#80007) Rate limit issues" }, { "retry-after": "120" })],
    [
      "a usage header",
      json(
        400,
        { code: 4, message: "(#4) Application request limit reached" },
        {
          "x-business-use-case-usage":
            '{"1":[{"type":"whatsapp","call_count":100,"estimated_time_to_regain_access":9}]}',
        },
      ),
    ],
    ["an unknown error code", json(400, { code: 987654, message: "Something new", fbtrace_id: "Abc" })],
    [
      "control characters",
      json(400, { code: 100, message: "(#100) \u001b[31mred\u0007", error_data: "split\r\ndetails" }),
    ],
    ["an error of another shape", (_, response) => response.writeHead(400).end('{"error":"no"}')],
    ["a success without a message ID", (_, response) => response.end('{"messaging_product":"whatsapp"}')],
  ];
  const written: string[] = [];
  for (const [name, answer] of answers) {
    const { port } = await serve(answer);
    const line = name === "no response in time" ? `${LINE} --timeout 100ms` : LINE;
    const seen = await transcript(line, { env: { ...env, GRAPH_API_URL: `http://127.0.0.1:${port}` } });
    written.push(`# ${name}\n${seen}`);
  }
  await expect(written.join("\n")).toMatchFileSnapshot("../../transcripts/send-meta-errors.txt");
});

test("every error code is printed with its meaning and its remedy", async () => {
  const emulator = await emulated();
  const written: string[] = [];
  for (const { code } of ERROR_CODES.toSorted((a, b) => a.code - b.code || (a.to ?? 0) - (b.to ?? 0))) {
    emulator.fail({ code, times: 1 });
    written.push(await transcript(LINE, { env: emulator.env }));
  }
  const seen = written
    .join("\n")
    .replaceAll(/\(stderr\) {3}Details: injected by the emulator.*\n|\(stderr\) {3}fbtrace_id: .*\n/g, "");
  await expect(seen).toMatchFileSnapshot("../../transcripts/error-codes.txt");
});

test("--json has the fields of Meta's error", async () => {
  const error = {
    code: 131026,
    message: "(#131026) Message undeliverable",
    error_data: { details: "d" },
    error_subcode: 7,
    fbtrace_id: "Abc",
  };
  const { port } = await serve(json(400, error));
  const seen = await transcript(`${LINE} --json`, { env: { ...env, GRAPH_API_URL: `http://127.0.0.1:${port}` } });
  const [, line = ""] = /^\(stderr\) (\{.*)$/m.exec(seen) ?? [];
  expect(JSON.parse(line)).toMatchObject({
    type: "error",
    code: "graph.131026",
    exitCode: 5,
    docs: expect.stringMatching(/^https:.*\/errors\/131026$/),
    meta: { code: 131026, subcode: 7, details: "d", fbtrace_id: "Abc", status: 400 },
  });
});
