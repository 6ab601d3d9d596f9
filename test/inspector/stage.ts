/** A listener with a store on disk, an emulator as Meta, an app that replies, and the inspector over them. */
import { join } from "node:path";
import { json as readJson } from "node:stream/consumers";

import { onTestFinished } from "vitest";

import type { Emulator } from "../../src/emulator/emulator.ts";
import type { EmulatorOptions } from "../../src/emulator/options.ts";
import { startEmulator } from "../../src/emulator/server.ts";
import { TOKEN_HEADER, type Live } from "../../src/inspector/api.ts";
import { startInspector, type Inspector } from "../../src/inspector/server.ts";
import type { Sources } from "../../src/inspector/sources.ts";
import { Monitor } from "../../src/listener/monitor/monitor.ts";
import type { ListenerOptions } from "../../src/listener/options.ts";
import { openListenerStore } from "../../src/store/redis/listener-store.ts";
import { browseShared } from "../../src/store/redis/newest.ts";
import { openStore } from "../../src/store/sqlite/sqlite-store.ts";
import { APP_SECRET, listening, serve, VERIFY_TOKEN, type Watched } from "../support/http.ts";
import { temporaryFolder } from "../support/world.ts";

interface Asked {
  status: number;
  headers: Headers;
  // Tests read nested values of any response.
  // oxlint-disable-next-line typescript/no-explicit-any
  json: any;
}

export interface Page {
  inspector: Inspector;
  url: string;
  token: string;
  /** Asks the page's API, with the token when something is sent. */
  ask(path: string, asking?: { method?: string; json?: unknown; headers?: Record<string, string> }): Promise<Asked>;
  /** Asks until the answer is as wanted. */
  until(path: string, wanted: (json: Asked["json"]) => unknown): Promise<Asked["json"]>;
}

/** Opens the page as a browser does: with the token from its HTML. */
export async function openPage(sources: Sources): Promise<Page> {
  const inspector = await startInspector(0, sources);
  onTestFinished(() => inspector.close());
  const { url } = inspector;
  const html = await (await fetch(url)).text();
  const [, token = ""] = /<meta name="wa-hook-token" content="([^"]+)">/.exec(html) ?? [];
  const ask: Page["ask"] = async (path, { method, json, headers = {} } = {}) => {
    const response = await fetch(url + path, {
      method: method ?? (json === undefined ? "GET" : "POST"),
      headers: {
        [TOKEN_HEADER]: token,
        ...(json === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, json: text.startsWith("<") ? text : JSON.parse(text) };
  };
  const until: Page["until"] = async (path, wanted) => {
    const live = openEvents(inspector);
    for (;;) {
      const { json } = await ask(path);
      if (wanted(json) !== undefined && wanted(json) !== false) return json;
      await live.next();
    }
  };
  return { inspector, url, token, ask, until };
}

/** The server-sent events from now on. */
export function openEvents(
  { url }: Pick<Inspector, "url">,
  headers: Record<string, string> = {},
): { next(): Promise<{ id: string; live: Live }>; opened: Promise<Response>; close(): void } {
  const ending = new AbortController();
  onTestFinished(() => ending.abort());
  const opened = fetch(`${url}/api/events`, { headers, signal: ending.signal });
  const found = read(opened);
  return {
    opened,
    close: () => ending.abort(),
    async next() {
      const { value, done } = await found.next();
      if (done === true) throw new Error("the stream has ended");
      return value;
    },
  };
}

async function* read(opened: Promise<Response>): AsyncGenerator<{ id: string; live: Live }> {
  const { body } = await opened;
  let rest = "";
  for await (const chunk of (body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream())) {
    const parts = (rest + chunk).split("\n\n");
    rest = parts.pop() ?? "";
    for (const part of parts) {
      const [, id = "", data] = /^id: (.+)\ndata: (.+)$/.exec(part) ?? [];
      if (data !== undefined) yield { id, live: JSON.parse(data) as Live };
    }
  }
}

export interface Stage extends Page, Watched {
  emulator: Emulator;
  /** The requests that the app got. */
  got: { headers: NodeJS.Dict<string | string[]>; body: Buffer }[];
  sources: Sources & { listener: NonNullable<Sources["listener"]> };
  cwd: string;
  appUrl: string;
}

/** What the app does with a customer's message; by default it replies with buttons. */
type Reply = (
  message: { id: string; from: string; type: string },
  send: (request: object) => Promise<unknown>,
) => unknown;

const replyWithButtons: Reply = ({ id, from }, send) =>
  send({
    to: from,
    context: { message_id: id },
    type: "interactive",
    interactive: {
      type: "button",
      body: { text: "Which day?" },
      action: { buttons: [{ type: "reply", reply: { id: "sat", title: "Saturday" } }] },
    },
  });

export interface StageOptions {
  emulator?: EmulatorOptions;
  listener?: Partial<ListenerOptions>;
  reply?: Reply;
  /** The status of the app. */
  status?: () => number;
  /** The address of a shared store, instead of a file. */
  shared?: string;
}

export async function stage({
  reply = replyWithButtons,
  status = () => 200,
  shared,
  ...options
}: StageOptions = {}): Promise<Stage> {
  const cwd = temporaryFolder();
  const got: Stage["got"] = [];
  let emulator: Emulator | undefined;
  const send = async (request: object) => {
    const { url, account } = emulator as Emulator;
    const response = await fetch(`${url}/v25.0/${account.phoneNumberId}/messages`, {
      method: "POST",
      headers: { authorization: `Bearer ${account.accessToken}`, "content-type": "application/json" },
      body: JSON.stringify({ messaging_product: "whatsapp", ...request }),
    });
    return response.json();
  };
  // The emulator may be closed by then.
  const sendIfOpen = (request: object) => send(request).catch(() => undefined);
  const app = await serve((request, response) => {
    void (async () => {
      const body = Buffer.concat(await request.toArray());
      got.push({ headers: request.headers, body });
      response.writeHead(status()).end();
      const payload = JSON.parse(body.toString()) as Awaited<ReturnType<typeof readJson>>;
      const { messages = [] } = (payload as { entry: { changes: { value: { messages?: never[] } }[] }[] }).entry[0]!
        .changes[0]!.value;
      for (const message of messages) await reply(message, sendIfOpen);
    })();
  });
  const store = shared === undefined ? await openStore(join(cwd, "events.db")) : await openListenerStore(shared);
  const browsed = shared === undefined ? undefined : browseShared(shared);
  onTestFinished(() => browsed?.close());
  const to = new URL(app.url);
  const watched = await listening({ store, forward: { to }, retry: { attempts: 1 }, ...options.listener });
  const monitor = new Monitor({ listener: watched.listener, folder: cwd, version: "1.2.3" });
  onTestFinished(() => monitor[Symbol.dispose]());
  emulator = await startEmulator({
    webhook: watched.listener.url,
    account: { appSecret: APP_SECRET, verifyToken: VERIFY_TOKEN },
    statuses: { sent: 0, delivered: 0, read: false },
    ...options.emulator,
  });
  const started = emulator;
  onTestFinished(() => started.close());
  const listener = {
    listener: watched.listener,
    monitor,
    forwardTo: [to],
    appSecret: APP_SECRET,
    storeFile: "events.db",
    ...(browsed === undefined ? {} : { browsed }),
  };
  const sources = { command: "dev" as const, version: "1.2.3", cwd, listener, emulator };
  const page = await openPage(sources);
  return { ...watched, ...page, emulator, got, sources, cwd, appUrl: app.url };
}
