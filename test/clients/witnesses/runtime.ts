/** Clients in other languages: one process for each, which sends what a line on its standard input asks for. */
// The operations run inside of tests (witnesses.test.ts).
// oxlint-disable vitest/no-standalone-expect
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { buffer } from "node:stream/consumers";

import { afterAll, expect } from "vitest";

import type { Emulated } from "../../emulator/test-emulator.ts";
import { temporaryFolder } from "../../support/world.ts";
import { accountOperations, CUSTOMER, fails, last, media, operation, type Client, type Loose } from "../client.ts";
import { receives } from "../webhooks.ts";

interface Runtime {
  name: string;
  /** The program and its arguments. */
  command: readonly [string, ...string[]];
  /** Fails when the language or its library is not installed. */
  check: readonly [string, ...string[]];
  /** Whether it has an app for webhooks as well. */
  receives?: true;
}

/** What every client in another language sends, and the kind that the emulator must see. */
const MESSAGES: Readonly<Record<string, string>> = {
  text: "text",
  reply: "text",
  "image.link": "image",
  "document.link": "document",
  location: "location",
  contacts: "contacts",
  reaction: "reaction",
  template: "template",
  "template.parameters": "template",
  button: "button",
  list: "list",
  cta_url: "cta_url",
};

/** A client in another language, or `undefined` when its runtime is not installed. */
export function runtimeClient({ name, command, check, receives: hasApp }: Runtime): Client | undefined {
  const [program, ...flags] = check;
  if (spawnSync(program, flags).status !== 0) return undefined;
  const ask = asking(command);
  const send = async (stage: Emulated, what: string, argument = "", changes: Loose = {}) => {
    const { url, account } = stage.emulator;
    const { accessToken: token, phoneNumberId, businessAccountId } = { ...account, ...changes };
    return ask([what, url, token, phoneNumberId, businessAccountId, changes.to ?? CUSTOMER, argument]);
  };
  return {
    name,
    version: "",
    address: "base URL",
    operations: [
      ...Object.entries(MESSAGES).map(([what, kind]) =>
        operation(what, async (stage) => {
          const { id } = await stage.emulator.receive("Hello");
          const { json } = await send(stage, what, id);
          expect(last(stage)).toMatchObject({ kind, status: 200, messageId: json.messages[0].id });
        }),
      ),
      operation("read", async (stage) => {
        const { id } = await stage.emulator.receive("Hello");
        expect((await send(stage, "read", id)).json).toEqual({ success: true });
      }),
      ...media({
        upload: async (stage, file) => {
          const path = join(temporaryFolder(), file.name);
          writeFileSync(path, Buffer.from(await file.arrayBuffer()));
          return (await send(stage, "upload", path)).json.id;
        },
        look: async (stage, id) => {
          const { url, mime_type: mime, sha256, file_size: size } = (await send(stage, "look", id)).json;
          return { url, mime, sha256, size: Number(size) };
        },
        download: async (stage, { url }) => Buffer.from((await send(stage, "download", url)).text, "base64"),
        remove: async (stage, id) => (await send(stage, "delete", id)).json.success,
      }),
      ...accountOperations({
        "phone number": async (stage) => (await send(stage, "phone")).json,
        "business profile": async (stage) => (await send(stage, "profile")).json,
      }),
      operation("templates", async (stage) => {
        const { data } = (await send(stage, "templates")).json;
        expect(data[0]).toMatchObject({ name: "hello_world", status: "APPROVED" });
      }),
      ...fails({
        text: async (stage, { to, token, phoneNumberId }) => {
          const changes = { to, ...(token && { accessToken: token }), ...(phoneNumberId && { phoneNumberId }) };
          return (await send(stage, "text", "", changes)).json;
        },
        surfaced: ({ returned }) => {
          const {
            code,
            error_subcode: subcode,
            message,
            error_data: data,
            fbtrace_id: trace,
          } = (returned as Loose).error;
          return { code, subcode, message, details: data?.details, trace };
        },
      }),
      ...(hasApp === true ? receives({ app: appOf(ask) }) : []),
    ],
  };
}

/** An app in the other process. Its requests pass through this one, which reports what it read before it responds. */
function appOf(ask: Ask): Parameters<typeof receives>[0]["app"] {
  return ({ appSecret, verifyToken }, see) => {
    const port = ask(["serve", appSecret, verifyToken]).then(({ json }) => json.port as number);
    return async ({ url, method, headers, body }) => {
      const { pathname, search } = new URL(url);
      const bytes = body === null ? {} : { body: await buffer(body) };
      const response = await fetch(`http://127.0.0.1:${await port}${pathname}${search}`, { method, headers, ...bytes });
      for (const each of (await ask(["seen"])).json.seen) see(each);
      return response;
    };
  };
}

type Ask = (fields: readonly string[]) => Promise<{ text: string; json: Loose }>;

/** Starts the process with the first request. Each request is a line of fields; so is each response: the body, or its base64 form. */
function asking([program, ...flags]: readonly [string, ...string[]]): Ask {
  let running: { child: ReturnType<typeof spawn>; lines: AsyncIterator<string> } | undefined;
  const start = () => {
    const child = spawn(program, flags, { stdio: ["pipe", "pipe", "inherit"] });
    return { child, lines: createInterface({ input: child.stdout })[Symbol.asyncIterator]() };
  };
  afterAll(async () => {
    if (running === undefined) return;
    running.child.stdin?.end();
    await once(running.child, "exit");
  });
  return async (fields) => {
    running ??= start();
    running.child.stdin?.write(`${fields.join("\t")}\n`);
    const { value: text = "" } = await running.lines.next();
    return { text, json: text.startsWith("{") ? JSON.parse(text) : undefined };
  };
}
