/** Calls the endpoint of a Flow as WhatsApp does: encrypted, signed, one request per screen. */
import { randomBytes } from "node:crypto";

import { systemCode, UsageError } from "../errors.ts";
import { openPoster, type Poster, type Responded } from "../http/post.ts";
import { httpUrl } from "../http/url.ts";
import { requireSecret } from "../secret.ts";
import { adviseOnFailure } from "../webhook/advice.ts";
import { META_HEADERS, signatures, type Header } from "../webhook/headers.ts";
import { encodeWire } from "../webhook/wire.ts";
import {
  decryptFlowResponse,
  encryptFlowRequest,
  publicKeyOf,
  type EncryptedFlowRequest,
  type FlowKeys,
} from "./encryption.ts";
import type { FlowMistake } from "./mistake.ts";
import { explainResponse } from "./wrong-responses.ts";

/** Options of `startFlowClient`. */
export interface FlowClientOptions {
  /** The endpoint. */
  url: string | URL;
  /** The business's public key, in PEM format. */
  publicKey: string;
  /** Signs requests, as Meta does when the Flow belongs to an app. Without it they are not signed. */
  appSecret?: string;
  /** Default: a new one. */
  flowToken?: string;
  /** Milliseconds. Default: 10 000, which is Meta's limit. */
  timeoutMs?: number;
}

/** A request before encryption. Source: Meta, "Implementing Endpoints for Flows", data exchange request. */
export interface FlowRequest {
  action: "ping" | "INIT" | "data_exchange" | "BACK" | (string & {});
  screen?: string;
  data?: object;
  /** Default: the client's. */
  flowToken?: string;
}

/** What came back. */
export interface FlowResult {
  /** Missing when there was no response. */
  status?: number;
  /** Milliseconds until the response. */
  ms: number;
  /** The response's content type. */
  contentType?: string;
  /** The length of the response. */
  characters: number;
  /** The decrypted response; missing when there is none. */
  answer?: unknown;
  /** The beginning of a response with another status than 200. */
  text?: string;
  /** Why there is no decrypted response, although the status is 200 or missing. */
  problem?: FlowMistake;
}

/** Calls one endpoint with one flow token. It stops with `close()`, or at the end of the block with `await using`. */
export interface FlowClient extends AsyncDisposable {
  readonly flowToken: string;
  /** Meta's health check. */
  ping(): Promise<FlowResult>;
  /** Opens the Flow. */
  init(data?: object): Promise<FlowResult>;
  /** Submits a screen. */
  exchange(screen: string, data?: object): Promise<FlowResult>;
  /** Goes back from a screen. */
  back(screen: string, data?: object): Promise<FlowResult>;
  /** Notifies of an error in the endpoint's last response. */
  error(screen: string, error: string, message: string): Promise<FlowResult>;
  /** Encrypts, signs and sends any request. */
  send(request: FlowRequest): Promise<FlowResult>;
  /** Signs and sends a request that is encrypted already; `headers` replaces the signature. */
  sendEncrypted(request: object, keys: FlowKeys, headers?: readonly Header[]): Promise<FlowResult>;
  /** Encrypts without sending. */
  encrypt(request: FlowRequest): { request: EncryptedFlowRequest; keys: FlowKeys };
  close(): Promise<void>;
}

const VERSION = "3.0";
export const TIMEOUT_MS = 10_000;
/** Meta documents no limit for a response; this one bounds memory. */
const MAX_CHARACTERS = 1024 * 1024;
const EXCERPT = 200;
const RESPONSE_TIMEOUTS = new Set(["UND_ERR_HEADERS_TIMEOUT", "UND_ERR_BODY_TIMEOUT"]);

/**
 * A client of the endpoint at `url`. Throws a `UsageError` when the URL is none, the key is no RSA public key of 2048 bits, or the app
 * secret is empty.
 */
export async function startFlowClient(options: FlowClientOptions): Promise<FlowClient> {
  publicKeyOf(options.publicKey);
  if (options.appSecret !== undefined) requireSecret(options.appSecret, "appSecret");
  const url = httpUrl(String(options.url));
  if (url === undefined) {
    throw new UsageError(`${String(options.url)} is not the URL of an endpoint`, {
      code: "flow.url",
      hint: "use an address such as https://example.com/flow",
    });
  }
  const poster = await openPoster(url, 4, options.timeoutMs ?? TIMEOUT_MS, { kept: MAX_CHARACTERS + 1 });
  return new Client(url, poster, options);
}

class Client implements FlowClient {
  readonly flowToken: string;
  readonly #url: URL;
  readonly #poster: Poster;
  readonly #options: FlowClientOptions;

  constructor(url: URL, poster: Poster, options: FlowClientOptions) {
    this.#url = url;
    this.#poster = poster;
    this.#options = options;
    this.flowToken = options.flowToken ?? `wa-hook-test-${randomBytes(8).toString("hex")}`;
  }

  ping(): Promise<FlowResult> {
    return this.send({ action: "ping" });
  }

  init(data?: object): Promise<FlowResult> {
    return this.send({ action: "INIT", ...(data === undefined ? {} : { data }) });
  }

  exchange(screen: string, data: object = {}): Promise<FlowResult> {
    return this.send({ action: "data_exchange", screen, data });
  }

  back(screen: string, data: object = {}): Promise<FlowResult> {
    return this.send({ action: "BACK", screen, data });
  }

  error(screen: string, error: string, message: string): Promise<FlowResult> {
    return this.send({ action: "data_exchange", screen, data: { error, error_message: message } });
  }

  send(request: FlowRequest): Promise<FlowResult> {
    const encrypted = this.encrypt(request);
    return this.sendEncrypted(encrypted.request, encrypted.keys);
  }

  encrypt(request: FlowRequest): { request: EncryptedFlowRequest; keys: FlowKeys } {
    const payload = payloadOf(request, this.flowToken);
    let encrypted = encryptFlowRequest(payload, this.#options.publicKey);
    // About one of a thousand contains no slash, and would be accepted by an endpoint that verifies the signature of a parsed body.
    while (!hasSlash(encrypted.request)) encrypted = encryptFlowRequest(payload, this.#options.publicKey);
    return encrypted;
  }

  async sendEncrypted(request: object, keys: FlowKeys, headers?: readonly Header[]): Promise<FlowResult> {
    // Meta escapes the slashes of base64, as in its documented example.
    const body = encodeWire(request);
    const { appSecret, timeoutMs = TIMEOUT_MS } = this.#options;
    const signed = headers ?? (appSecret === undefined ? [] : signatures(body, appSecret));
    const started = performance.now();
    const elapsed = () => performance.now() - started;
    try {
      const response = await this.#poster.post({ headers: [...META_HEADERS, ...signed], body });
      return { ...resultOf(response, keys), ...(elapsed() > timeoutMs ? tooSlow(timeoutMs) : {}), ms: elapsed() };
    } catch (error) {
      const failure = RESPONSE_TIMEOUTS.has(systemCode(error) ?? "")
        ? tooSlow(timeoutMs)
        : noResponse(adviseOnFailure(error, this.#url.origin, timeoutMs));
      return { ms: elapsed(), characters: 0, ...failure };
    }
  }

  close(): Promise<void> {
    return this.#poster.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

function hasSlash(request: EncryptedFlowRequest): boolean {
  return Object.values(request).some((value: string) => value.includes("/"));
}

/** In Meta's order of keys. */
function payloadOf({ action, screen, data, flowToken }: FlowRequest, own: string): object {
  if (action === "ping") return { version: VERSION, action };
  return {
    version: VERSION,
    action,
    ...(screen === undefined ? {} : { screen }),
    ...(data === undefined ? {} : { data }),
    flow_token: flowToken ?? own,
  };
}

function resultOf({ status, headers, beginning }: Responded, keys: FlowKeys): Omit<FlowResult, "ms"> {
  const type = headers["content-type"];
  return {
    status,
    ...(typeof type === "string" ? { contentType: type } : {}),
    characters: beginning.length,
    ...(status === 200 ? read(beginning, keys) : { text: beginning.slice(0, EXCERPT) }),
  };
}

function noResponse(fix: string): Pick<FlowResult, "problem"> {
  return { problem: { code: "no-response", cause: "no response", fix } };
}

function tooSlow(timeoutMs: number): Pick<FlowResult, "problem"> {
  const cause = `no complete response within ${timeoutMs / 1000} s`;
  return { problem: { code: "timeout", cause, fix: "prepare the data before the Flow asks for it" } };
}

function read(text: string, keys: FlowKeys): Pick<FlowResult, "answer" | "problem"> {
  if (text.length > MAX_CHARACTERS) {
    const cause = `the response has more than ${MAX_CHARACTERS} characters`;
    return { problem: { code: "too-large", cause, fix: "send large data, such as images, in smaller parts" } };
  }
  try {
    return { answer: decryptFlowResponse(text, keys) };
  } catch {
    const unknown = {
      code: "undecryptable",
      cause: "the response cannot be decrypted with the key of the request",
      fix: "encrypt with the AES key of the same request, AES-128-GCM, the flipped IV, and append the tag",
    };
    return { problem: explainResponse(text, keys) ?? unknown };
  }
}
