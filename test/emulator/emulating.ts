/** An emulator for one test, with an app behind it, and requests to it as programs make them. */
import { text } from "node:stream/consumers";

import { onTestFinished } from "vitest";

import type { EmulatorEvent } from "../../src/emulator/event.ts";
import type { EmulatorOptions } from "../../src/emulator/options.ts";
import { startEmulator, type Emulator } from "../../src/emulator/server.ts";
import { serve } from "../support/http.ts";

interface Answered {
  status: number;
  headers: Headers;
  /** The bytes as text. */
  text: string;
  // The tests look deep into answers of every shape.
  // oxlint-disable-next-line typescript/no-explicit-any
  json: any;
}

export interface Asking {
  method?: string;
  /** Default: the account's own; `null`: none. */
  token?: string | null;
  json?: unknown;
  body?: string | URLSearchParams | FormData;
  headers?: Record<string, string>;
}

/** No status comes by itself, and nothing limits how much is sent. */
export const QUIET: EmulatorOptions = { statuses: { sent: false, delivered: false, read: false }, limits: false };
/** Every status comes at once. */
export const AT_ONCE = { sent: 0, delivered: 0, read: 0 };

export interface Emulated {
  emulator: Emulator;
  ask(path: string, asking?: Asking): Promise<Answered>;
  /** Sends a message from the account's number: a text to the customer, changed as given. */
  send(changes?: object, asking?: Asking): Promise<Answered>;
  /** The next event of a type that was not taken by an earlier call. */
  next<Type extends EmulatorEvent["type"]>(type: Type): Promise<Extract<EmulatorEvent, { type: Type }>>;
}

export async function emulating(options: EmulatorOptions = QUIET): Promise<Emulated> {
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
    next: watch(emulator),
  };
}

export function hello({ account }: Emulator): Record<string, unknown> {
  return { messaging_product: "whatsapp", to: account.customer.number, type: "text", text: { body: "Hello" } };
}

function watch(emulator: Emulator): Emulated["next"] {
  const untaken: EmulatorEvent[] = [];
  let wake = () => {};
  void (async () => {
    for await (const event of emulator.events()) {
      untaken.push(event);
      wake();
    }
  })();
  return async (type) => {
    for (;;) {
      const at = untaken.findIndex((event) => event.type === type);
      if (at >= 0) return untaken.splice(at, 1)[0] as never;
      await new Promise<void>((resolve) => (wake = resolve));
    }
  };
}

export interface App {
  url: string;
  /** The bodies that came, in order. */
  bodies: string[];
  headers: Record<string, unknown>[];
  /** What it answers to the next deliveries; 200 when nothing is left. */
  answers: number[];
  /** The verify token that it knows. */
  verifyToken: string;
}

/** An app that takes webhooks, and the handshake. */
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

/** The statuses in deliveries, in order. */
export function statusesIn({ bodies }: App): string[] {
  return bodies.flatMap((body) => {
    const payload = JSON.parse(body) as { entry: { changes: { value: { statuses?: { status: string }[] } }[] }[] };
    return payload.entry[0]?.changes[0]?.value.statuses?.map(({ status }) => status) ?? [];
  });
}
