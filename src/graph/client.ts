/** A Graph API client: sends the token with each request, and reports every failure as one of wa-hook's errors. */
import type { Readable } from "node:stream";

import type { Dispatcher, Pool } from "undici";

import { UsageError } from "../errors.ts";
import { httpUrl, isLoopback } from "../http/url.ts";
import { parseObject } from "../json.ts";
import { requireSecret } from "../secret.ts";
import { envName } from "../setting-names.ts";
import { parseGraphError, toError } from "./errors.ts";
import { isMeta } from "./meta-hosts.ts";
import { appSecretProof } from "./proof.ts";
import { explainBody, explainLarge, explainTransport, type RequestContext } from "./response-error.ts";
import { readUsage, type Usage } from "./usage.ts";

export interface GraphOptions {
  /** `https://graph.facebook.com`, or a replacement. HTTP is accepted for this machine only. */
  url: string;
  /** `v25.0` */
  version: string;
  accessToken?: string;
  /** Adds `appsecret_proof` to each request. */
  appSecret?: string;
  /** For connecting, and for each gap in a response, in milliseconds. Default: 30 000. */
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
  /** Sent unchanged. */
  body?: { stream: Readable; type: string; length: number };
  /** Replaces the client's token; `null` sends none. */
  token?: string | null;
  /** Replaces the client's version. */
  version?: string;
}

export interface GraphResponse<Body = Record<string, unknown>> {
  status: number;
  body: Body;
  /** The use of rate limits, when Meta reports it. */
  usage?: Usage;
  /** Meta's clock, in milliseconds since 1970. */
  date?: number;
}

/** A file that is being fetched. */
export interface Download {
  /** Its bytes, piece by piece; throws as `request` does when they stop coming. */
  body: AsyncIterable<Uint8Array>;
  /** The number of bytes, when the response has it. */
  length?: number;
}

const USER_AGENT = "wa-hook";
const MAX_RESPONSE_BYTES = 8 * 1024 * 1024;

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

  /** The complete URL of a path, without secrets. */
  urlOf(path: string, query: Query = {}, version = this.#version): URL {
    const url = new URL(`${this.#base.pathname.replace(/\/$/, "")}/${version}/${path}`, this.#base);
    for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, value);
    return url;
  }

  /**
   * Sends the request once, without retries or redirects. Throws a `CredentialsError` or a `RejectedError` when Meta rejects it, and an
   * `UnavailableError` when there is no valid response.
   */
  async request<Body = Record<string, unknown>>(request: GraphRequest): Promise<GraphResponse<Body>> {
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
      const graphError = parseGraphError(body);
      if (graphError !== undefined)
        throw toError(this.#redactFields(graphError), { status, ...retryAfterOf(headers, usage) });
      if (body === undefined || status >= 300)
        throw explainBody({ status, headers, text: this.#redact(text) }, context);
      const date = Date.parse(firstOf(headers["date"]) ?? "");
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

  /** Downloads from a URL that Meta provided, such as a media URL, with the token. Throws when the body has more than `maxBytes`. */
  async download(address: string, maxBytes: number): Promise<Download> {
    const url = this.#downloadable(address);
    const context = { origin: url.origin, writes: false, timeoutMs: this.#timeout };
    try {
      const { statusCode: status, headers, body } = await this.#dispatch(url, { path: "" }, this.#options.accessToken);
      if (status === 200) {
        const length = Number(firstOf(headers["content-length"]) ?? Number.NaN);
        if (length > maxBytes) throw cutOff(body, explainLarge(maxBytes, context));
        const explain = (error: unknown) => explainTransport(error, context, this.#options.signal);
        const limited = pieces(upTo(maxBytes, body, context), explain);
        return { body: limited, ...(Number.isNaN(length) ? {} : { length }) };
      }
      const text = await readText(body, context);
      const graphError = parseGraphError(parseObject(text));
      if (graphError !== undefined) throw toError(this.#redactFields(graphError), { status });
      throw explainBody({ status, headers, text: this.#redact(text) }, context);
    } catch (error) {
      throw explainTransport(error, context, this.#options.signal);
    }
  }

  /** The token is sent only to Meta over HTTPS, to the configured origin, and within this machine when an emulator replaces Meta. */
  #downloadable(address: string): URL {
    const url = httpUrl(address);
    const local = url !== undefined && isLoopback(url) && isLoopback(this.#base);
    if (url !== undefined && (isMeta(url) || url.origin === this.#base.origin || local)) return url;
    const [where, code] =
      url?.protocol === "https:"
        ? [`on ${url.host}, which is not Meta's`, "graph.foreign-host"]
        : ["not HTTPS", "graph.insecure"];
    throw new UsageError(`the media URL is ${where}, so the access token is not sent there`, {
      code,
      hint: "request the media again; if the error remains, check for a proxy between this machine and Meta",
    });
  }

  async #dispatch(url: URL, request: GraphRequest, token: string | undefined): Promise<Dispatcher.ResponseData> {
    const { default: dispatch } = await import("undici/lib/api/api-request.js");
    const { json, body, method = "GET" } = request;
    const headers = {
      accept: "*/*",
      "user-agent": USER_AGENT,
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(json === undefined ? {} : { "content-type": "application/json" }),
      ...(body === undefined ? {} : { "content-type": body.type, "content-length": String(body.length) }),
    };
    const { signal } = this.#options;
    return dispatch.call(await this.#pool(url.origin), {
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

  #redactFields<Fields extends object>(fields: Fields): Fields {
    const clean = Object.entries(fields).map(([key, value]: [string, unknown]) => [
      key,
      typeof value === "string" ? this.#redact(value) : value,
    ]);
    return Object.fromEntries(clean) as Fields;
  }

  /** Removes our secrets from text that a response may echo. */
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

function baseOf(given: string): URL {
  const url = httpUrl(given);
  if (url === undefined) {
    throw new UsageError(`the Graph API URL is invalid: ${given}`, {
      code: "graph.url",
      hint: `unset ${envName("graphUrl")} to use Meta, or set it to the URL that wa-hook emulate prints`,
    });
  }
  if (url.protocol === "https:" || isLoopback(url)) return url;
  throw new UsageError(`the Graph API URL ${url.origin} is not HTTPS, so the access token is not sent to it`, {
    code: "graph.insecure",
    hint: "use https://; http:// is accepted only for this machine (wa-hook emulate)",
  });
}

function versionOf(given: string): string {
  if (/^v\d{1,3}\.\d$/.test(given)) return given;
  throw new UsageError(`the Graph API version is invalid: ${given}`, {
    code: "graph.version",
    hint: `set ${envName("graphVersion")} to a version such as v25.0, or unset it`,
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

/** The chunks of the body. Throws, and so closes the connection, when there are more than `maxBytes`. */
async function* upTo(maxBytes: number, body: Readable, context: RequestContext): AsyncGenerator<Buffer, void, void> {
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) throw explainLarge(maxBytes, context);
    yield chunk;
  }
}

async function readText(body: Readable, context: RequestContext): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of upTo(MAX_RESPONSE_BYTES, body, context)) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

/** Closes the connection of a body that is not read, and returns the error. */
function cutOff(body: Readable, error: Error): Error {
  // Closing it makes the body emit an error of its own.
  body.on("error", () => undefined).destroy();
  return error;
}

function firstOf(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}

function retryAfterOf(headers: Dispatcher.ResponseData["headers"], usage: Usage | undefined): { retryAfter?: number } {
  const header = Number(firstOf(headers["retry-after"]) ?? Number.NaN);
  const seconds = Number.isNaN(header) ? (usage?.regainMinutes ?? 0) * 60 : header;
  return seconds > 0 ? { retryAfter: seconds } : {};
}
