/** Starts an emulator and an app for one test, and sends requests to the emulator. */
import { text } from "node:stream/consumers";

import { onTestFinished } from "vitest";

import type { Emulator } from "../../src/emulator/emulator.ts";
import type { EmulatorEvent } from "../../src/emulator/event.ts";
import type { EmulatorOptions } from "../../src/emulator/options.ts";
import { startEmulator } from "../../src/emulator/server.ts";
import { userIdOf } from "../../src/webhook/user-id.ts";
import { serve } from "../support/http.ts";
import { type Take, taking } from "../support/taking.ts";

interface Answered {
  status: number;
  headers: Headers;
  /** The body as text. */
  text: string;
  // Tests access nested values of any response.
  // oxlint-disable-next-line typescript/no-explicit-any
  json: any;
}

export interface Asking {
  method?: string;
  /** Default: the account's token; `null`: none. */
  token?: string | null;
  json?: unknown;
  body?: string | URLSearchParams | FormData;
  headers?: Record<string, string>;
}

/** No statuses and no rate limits. */
export const QUIET: EmulatorOptions = { statuses: { sent: false, delivered: false, read: false }, limits: false };
/** All statuses without delay. */
export const AT_ONCE = { sent: 0, delivered: 0, read: 0 };

export interface Emulated {
  emulator: Emulator;
  ask(path: string, asking?: Asking): Promise<Answered>;
  /** Sends a text to the customer; `changes` override its fields. */
  send(changes?: object, asking?: Asking): Promise<Answered>;
  /** Resolves with the next event of a type; each event is returned once. */
  next: Take<EmulatorEvent>;
}

export async function startTestEmulator(options: EmulatorOptions = QUIET): Promise<Emulated> {
  const emulator = await startEmulator(options);
  onTestFinished(() => emulator.close());
  const ask = async (path: string, asking: Asking = {}): Promise<Answered> => {
    const { method, token = emulator.account.accessToken, json, body, headers = {} } = asking;
    const content = json === undefined ? body : JSON.stringify(json);
    const response = await fetch(emulator.url + path, {
      method: method ?? (content === undefined ? "GET" : "POST"),
      headers: {
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(json === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(content === undefined ? {} : { body: content }),
    });
    const answered = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      text: answered,
      json: answered.startsWith("{") ? JSON.parse(answered) : undefined,
    };
  };
  return {
    emulator,
    ask,
    send: (changes = {}, asking = {}) =>
      ask(`/v25.0/${emulator.account.phoneNumberId}/messages`, { json: { ...hello(emulator), ...changes }, ...asking }),
    next: taking(emulator.events()),
  };
}

export function hello({ account }: Emulator): Record<string, unknown> {
  return { messaging_product: "whatsapp", to: account.customer.number, type: "text", text: { body: "Hello" } };
}

export interface App {
  url: string;
  /** The received bodies, in order. */
  bodies: string[];
  headers: Record<string, unknown>[];
  /** The statuses of the next responses; 200 when empty. */
  answers: number[];
  /** The verify token that it accepts. */
  verifyToken: string;
}

/** Starts an app that accepts webhooks and the handshake. */
export async function anApp(verifyToken = "test-verify-token"): Promise<App> {
  const app: App = { url: "", bodies: [], headers: [], answers: [], verifyToken };
  const { url } = await serve(async (request, response) => {
    const query = new URL(request.url ?? "", "http://app").searchParams;
    if (request.method === "GET") {
      const right = query.get("hub.verify_token") === app.verifyToken && query.get("hub.mode") === "subscribe";
      response.writeHead(right ? 200 : 403).end(right ? query.get("hub.challenge") : "");
      return;
    }
    app.bodies.push(await text(request));
    app.headers.push(request.headers);
    response.writeHead(app.answers.shift() ?? 200).end();
  });
  app.url = url;
  return app;
}

/** Subscribes the account's app to these fields, separated by commas, in a version. */
export function subscribe(
  { emulator, ask }: Pick<Emulated, "emulator" | "ask">,
  { url, verifyToken }: Pick<App, "url" | "verifyToken">,
  fields: string,
  version = "v25.0",
): Promise<Answered> {
  const { account, tokens } = emulator;
  const callback = { callback_url: url, verify_token: verifyToken, fields };
  const json = { object: "whatsapp_business_account", ...callback };
  return ask(`/${version}/${account.appId}/subscriptions`, { json, token: tokens.app });
}

/** The statuses in deliveries, in order. */
export function statusesIn({ bodies }: App): string[] {
  return bodies.flatMap((body) => {
    const payload = JSON.parse(body) as { entry: { changes: { value: { statuses?: { status: string }[] } }[] }[] };
    return payload.entry[0]?.changes[0]?.value.statuses?.map(({ status }) => status) ?? [];
  });
}

/** The value of the only change in a delivery. */
// oxlint-disable-next-line typescript/no-explicit-any
export const valueOf = (body = "{}"): any => JSON.parse(body).entry[0].changes[0].value;

/** Uploads a file as a form with these fields. */
export function upload(
  { emulator, ask }: Pick<Emulated, "emulator" | "ask">,
  file: File | undefined,
  fields: Record<string, string> = { messaging_product: "whatsapp" },
): Promise<Answered> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  if (file !== undefined) form.set("file", file);
  return ask(`/v25.0/${emulator.account.phoneNumberId}/media`, { body: form });
}

const FILES: Readonly<Record<string, string>> = {
  image: "image/png",
  video: "video/mp4",
  audio: "audio/ogg",
  sticker: "image/webp",
  document: "application/pdf",
};

/** Replaces the ids in a request by ids of existing media, messages and customers. */
export async function prepare(request: unknown, stage: Pick<Emulated, "emulator" | "ask">): Promise<unknown> {
  const { account } = stage.emulator;
  const { id: received } = await stage.emulator.receive("Hello");
  let text = JSON.stringify(request)
    .replaceAll(/wamid\.[\w=]+/g, received)
    .replaceAll("US.0", userIdOf(account.customer.number, account.businessAccountId));
  for (const [sort, type] of Object.entries(FILES)) {
    const found = new RegExp(`(?<="${sort}":\\{"id":")\\d+`).exec(text);
    if (found === null) continue;
    const { json } = await upload(stage, new File(["bytes"], "file", { type }));
    text = text.replaceAll(found[0], json.id as string);
  }
  return JSON.parse(text);
}
