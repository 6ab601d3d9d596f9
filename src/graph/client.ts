/** The Graph API as a client: one connection pool, the token on every request, every answer read whole or explained. */
import { createHmac } from "node:crypto";
import type { Readable } from "node:stream";

import type { Dispatcher, Pool } from "undici";

import { UsageError } from "../errors.ts";
import { httpUrl, isLoopback } from "../http/url.ts";
import { parseObject } from "../json.ts";
import { requireSecret } from "../secret.ts";
import { explainBody, explainLarge, explainTransport, type Asked } from "./answer-error.ts";
import { faultError, readFault } from "./errors.ts";
import { isMeta } from "./meta-hosts.ts";
import { readUsage, type Usage } from "./usage.ts";

export interface GraphOptions {
  /** `https://graph.facebook.com`, or what stands in for it. Anything but HTTPS is taken for this machine only. */
  url: string;
  /** `v25.0` */
  version: string;
  accessToken?: string;
  /** When it is known, each request proves it (`appsecret_proof`). */
  appSecret?: string;
  /** For connecting, and for each pause of an answer, in milliseconds. Default: 30 000. */
  timeoutMs?: number;
  signal?: AbortSignal;
}

type Query = Readonly<Record<string, string | undefined>>;

export interface GraphRequest {
  method?: "GET" | "POST" | "DELETE";
  /** Without the version: `106540352242922/messages`. */
  path: string;
  query?: Query;
  /** Sent as JSON. */
  json?: object;
  /** Sent as it is. */
  body?: { stream: Readable; type: string; length: number };
  /** Instead of the client's own token; `null` for none. */
  token?: string | null;
  /** Instead of the client's own. */
  version?: string;
}

export interface GraphAnswer<Body = Record<string, unknown>> {
  status: number;
  body: Body;
  /** How much of the limits is used up, when Meta tells. */
  usage?: Usage;
  /** Meta's clock, in milliseconds since 1970. */
  date?: number;
}

/** A file that is being fetched. */
export interface Download {
  /** Its bytes, piece by piece; throws as `request` does when they stop coming. */
  body: AsyncIterable<Uint8Array>;
  /** How many, when it is told. */
  length?: number;
}

const USER_AGENT = "wa-hook";
const MAX_ANSWER_BYTES = 8 * 1024 * 1024;

export class Graph implements AsyncDisposable {
  readonly #base: URL;
  readonly #version: string;
  readonly #options: GraphOptions;
  readonly #pools = new Map<string, Promise<Pool>>();

  /** Throws a `UsageError` when the URL, the version or the app secret cannot be used. */
  constructor(options: GraphOptions) {
    if (options.appSecret !== undefined) requireSecret(options.appSecret, "appSecret");
    this.#base = baseOf(options.url);
    this.#version = versionOf(options.version);
    this.#options = options;
  }

  /** The whole URL of a path, without any secret. */
  urlOf(path: string, query: Query = {}, version = this.#version): URL {
    const url = new URL(`${this.#base.pathname.replace(/\/$/, "")}/${version}/${path}`, this.#base);
    for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, value);
    return url;
  }

  /**
   * Asks once, never again on its own, and never follows a redirect. Throws a `CredentialsError` or a `RejectedError` when Meta says no
   * and an `UnavailableError` when there is no answer that can be read.
   */
  async request<Body = Record<string, unknown>>(request: GraphRequest): Promise<GraphAnswer<Body>> {
    const url = this.urlOf(request.path, request.query, request.version);
    const token = request.token === undefined ? this.#options.accessToken : (request.token ?? undefined);
    if (token !== undefined && this.#options.appSecret !== undefined && !token.includes("|")) {
      url.searchParams.set("appsecret_proof", appSecretProof(token, this.#options.appSecret));
    }
    const context = { origin: url.origin, writes: (request.method ?? "GET") !== "GET", timeoutMs: this.#timeout };
    try {
      const response = await this.#dispatch(url, request, token);
      const text = await readText(response.body, context);
      const { statusCode: status, headers } = response;
      const usage = readUsage(headers);
      const body = parseObject(text);
      const fault = readFault(body);
      if (fault !== undefined) throw faultError(this.#redactFault(fault), { status, ...retryAfterOf(headers, usage) });
      if (body === undefined || status >= 300)
        throw explainBody({ status, headers, text: this.#redact(text) }, context);
      const date = Date.parse(one(headers["date"]) ?? "");
      return {
        status,
        body: body as Body,
        ...(usage === undefined ? {} : { usage }),
        ...(Number.isNaN(date) ? {} : { date }),
      };
    } catch (error) {
      throw explainTransport(error, context, this.#options.signal);
    }
  }

  /** Fetches from an address that Meta gave, such as a media URL, with the token. Throws as soon as more than `maxBytes` come. */
  async download(address: string, maxBytes: number): Promise<Download> {
    const url = this.#downloadable(address);
    const context = { origin: url.origin, writes: false, timeoutMs: this.#timeout };
    try {
      const { statusCode: status, headers, body } = await this.#dispatch(url, { path: "" }, this.#options.accessToken);
      if (status === 200) {
        const length = Number(one(headers["content-length"]) ?? Number.NaN);
        if (length > maxBytes) throw unread(body, explainLarge(maxBytes, context));
        const explain = (error: unknown) => explainTransport(error, context, this.#options.signal);
        const limited = pieces(upTo(maxBytes, body, context), explain);
        return { body: limited, ...(Number.isNaN(length) ? {} : { length }) };
      }
      const text = await readText(body, context);
      const fault = readFault(parseObject(text));
      if (fault !== undefined) throw faultError(this.#redactFault(fault), { status });
      throw explainBody({ status, headers, text: this.#redact(text) }, context);
    } catch (error) {
      throw explainTransport(error, context, this.#options.signal);
    }
  }

  /** The token goes to Meta only: over HTTPS, to the configured address itself, or within this machine when that stands in for Meta. */
  #downloadable(address: string): URL {
    const url = httpUrl(address);
    const local = url !== undefined && isLoopback(url) && isLoopback(this.#base);
    if (url !== undefined && (isMeta(url) || url.origin === this.#base.origin || local)) return url;
    const [where, code] =
      url?.protocol === "https:"
        ? [`on ${url.host}, which is not Meta's`, "graph.foreign-host"]
        : ["not HTTPS", "graph.insecure"];
    throw new UsageError(`the media's address is ${where}, so the access token is not sent there`, {
      code,
      hint: "ask for the media again; if it stays so, something stands between this machine and Meta",
    });
  }

  async #dispatch(url: URL, request: GraphRequest, token: string | undefined): Promise<Dispatcher.ResponseData> {
    const { default: ask } = await import("undici/lib/api/api-request.js");
    const { json, body, method = "GET" } = request;
    const headers = {
      accept: "*/*",
      "user-agent": USER_AGENT,
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(json === undefined ? {} : { "content-type": "application/json" }),
      ...(body === undefined ? {} : { "content-type": body.type, "content-length": String(body.length) }),
    };
    const { signal } = this.#options;
    return ask.call(await this.#pool(url.origin), {
      path: `${url.pathname}${url.search}`,
      method,
      headers,
      body: json === undefined ? (body?.stream ?? null) : JSON.stringify(json),
      ...(signal === undefined ? {} : { signal }),
    });
  }

  #pool(origin: string): Promise<Pool> {
    const timeout = this.#timeout;
    const limits = { headersTimeout: timeout, bodyTimeout: timeout, connectTimeout: timeout };
    const open = async () => new (await import("undici/lib/dispatcher/pool.js")).default(origin, limits);
    const pool = this.#pools.get(origin) ?? open();
    this.#pools.set(origin, pool);
    return pool;
  }

  get #timeout(): number {
    return this.#options.timeoutMs ?? 30_000;
  }

  #redactFault<Fault extends object>(fault: Fault): Fault {
    const clean = Object.entries(fault).map(([key, value]: [string, unknown]) => [
      key,
      typeof value === "string" ? this.#redact(value) : value,
    ]);
    return Object.fromEntries(clean) as Fault;
  }

  /** Text from outside without our secrets, should it repeat one. */
  #redact(text: string): string {
    const { accessToken, appSecret } = this.#options;
    return [accessToken, appSecret].reduce<string>(
      (clean, secret) => (secret ? clean.replaceAll(secret, "…") : clean),
      text,
    );
  }

  async close(): Promise<void> {
    await Promise.all([...this.#pools.values()].map(async (pool) => (await pool).destroy()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** Proves to Meta that the caller knows the app secret. Source: Meta, "Secure Graph API calls". */
export function appSecretProof(accessToken: string, appSecret: string): string {
  return createHmac("sha256", appSecret).update(accessToken).digest("hex");
}

function baseOf(given: string): URL {
  const url = httpUrl(given);
  if (url === undefined) {
    throw new UsageError(`the Graph URL is not a URL; got ${given}`, {
      code: "graph.url",
      hint: `leave GRAPH_API_URL unset for Meta itself, or name wa-hook emulate's address`,
    });
  }
  if (url.protocol === "https:" || isLoopback(url)) return url;
  throw new UsageError(`${url.origin} is not HTTPS, and the access token would be sent there`, {
    code: "graph.insecure",
    hint: "use an https:// address; plain http:// is only for this machine (wa-hook emulate)",
  });
}

function versionOf(given: string): string {
  if (/^v\d{1,3}\.\d$/.test(given)) return given;
  throw new UsageError(`the Graph version must look like v25.0; got ${given}`, {
    code: "graph.version",
    hint: "leave GRAPH_API_VERSION unset for a version that works",
  });
}

async function* pieces(
  body: AsyncIterable<Uint8Array>,
  explain: (error: unknown) => unknown,
): AsyncGenerator<Uint8Array, void, void> {
  try {
    yield* body;
  } catch (error) {
    throw explain(error);
  }
}

/** The body's pieces; when there are more bytes than that, the connection is cut instead. */
async function* upTo(maxBytes: number, body: Readable, asked: Asked): AsyncGenerator<Buffer, void, void> {
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) throw explainLarge(maxBytes, asked);
    yield chunk;
  }
}

async function readText(body: Readable, asked: Asked): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of upTo(MAX_ANSWER_BYTES, body, asked)) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

/** The error, after the connection of a body that nobody reads was cut. */
function unread(body: Readable, error: Error): Error {
  // Being cut is an error of the body, too.
  body.on("error", () => undefined).destroy();
  return error;
}

function one(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}

function retryAfterOf(headers: Dispatcher.ResponseData["headers"], usage: Usage | undefined): { retryAfter?: number } {
  const told = Number(one(headers["retry-after"]) ?? Number.NaN);
  const seconds = Number.isNaN(told) ? (usage?.regainMinutes ?? 0) * 60 : told;
  return seconds > 0 ? { retryAfter: seconds } : {};
}
