/** The emulator: a Graph API on this machine, with one account, that answers and delivers webhooks as Meta does. */
import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import { reasonOf } from "../errors.ts";
import { listenOn, originOf } from "../listen.ts";
import { ACCOUNT_SEED, environment, makeAccount } from "./account.ts";
import { Refusal } from "./answer.ts";
import { readCall, readHead, MAX_BODY_BYTES, type Head } from "./call.ts";
import type { EmulatedRequest, EmulatorEvent } from "./event.ts";
import { exchange } from "./exchange.ts";
import { isMetasHost, isOurHost } from "./host.ts";
import { Log } from "./log.ts";
import {
  checkFailure,
  checkNumber,
  checkOptions,
  type Account,
  type EmulatorOptions,
  type Failure,
  type TokenName,
} from "./options.ts";
import { control, CONTROL } from "./routes/control.ts";
import { newState, type State } from "./state.ts";

export interface Emulator extends AsyncDisposable {
  /** `http://127.0.0.1:4300`, for `GRAPH_API_URL`. */
  readonly url: string;
  readonly port: number;
  readonly account: Account;
  /** The settings that lead every other command, and an app, to this emulator. */
  readonly env: Record<string, string>;
  /** An access token in each state. */
  readonly tokens: Readonly<Record<TokenName, string>>;
  /** The newest thousand requests to the Graph API. */
  readonly requests: readonly EmulatedRequest[];
  /** Everything that happens from the call on, in order; ends when the emulator is closed. */
  events(): AsyncIterableIterator<EmulatorEvent>;
  /**
   * A customer writes: a text, or a message as Meta sends it, such as `{ type: "image", image: { caption: "…" } }`; a file is made
   * for it. Opens the 24-hour window. Rejects with a `UsageError` when it is nothing that a customer can send.
   */
  receive(message: string | object, from?: { number?: string; name?: string }): Promise<{ id: string }>;
  /** Answers requests with an error from now on. Throws a `UsageError` when the failure can never happen. */
  fail(failure: Failure): void;
  /** Moves the clock: statuses and retries come that were due by then, windows close, tokens and URLs expire. */
  advance(ms: number): void;
  /** Resolves when every status is out and every webhook has its answer, or waits for a later attempt. */
  settled(): Promise<void>;
  /** As freshly started: the same account, nothing sent, nothing received. */
  reset(): void;
  close(): Promise<void>;
}

const TIMING = { headersTimeout: 10_000, requestTimeout: 60_000, connectionsCheckingInterval: 1000 };

/**
 * Starts an emulator. It keeps to this machine: a `link` in a message is accepted and not fetched. Resolves when it takes requests.
 * Throws an `UnavailableError` when the port is taken and a `UsageError` when an option cannot be used.
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  checkOptions(options);
  const { host = "127.0.0.1", port = 0, seed = randomBytes(16).toString("hex") } = options;
  const account = makeAccount(options.account ?? {}, options.seed ?? ACCOUNT_SEED);
  const server = createServer(TIMING);
  await listenOn(server, { host, port, command: "wa-hook emulate" });
  return new Emulating(options, { account, seed, server, host });
}

interface Parts {
  account: Account;
  seed: string;
  server: Server;
  host: string;
}

class Emulating implements Emulator {
  readonly account: Account;
  readonly port: number;
  readonly url: string;
  readonly #options: EmulatorOptions;
  readonly #parts: Parts;
  readonly #log = new Log();
  /** What earlier resets still have to close. */
  readonly #leaving = new Set<Promise<void>>();
  #state: State;
  #closed: Promise<void> | undefined;

  constructor(options: EmulatorOptions, parts: Parts) {
    this.#options = options;
    this.#parts = parts;
    this.account = parts.account;
    this.port = (parts.server.address() as AddressInfo).port;
    this.url = originOf({ host: parts.host, port: this.port });
    this.#state = this.#begin();
    parts.server.on("request", (request, response) => void this.#answer(request, response));
  }

  #begin(): State {
    const { account, seed } = this.#parts;
    return newState({ options: this.#options, account, seed, url: this.url, log: this.#log });
  }

  get env(): Record<string, string> {
    return environment(this.account, this.url);
  }

  get tokens(): Readonly<Record<TokenName, string>> {
    return this.#state.tokens.named;
  }

  get requests(): readonly EmulatedRequest[] {
    return this.#log.requests;
  }

  events(): AsyncIterableIterator<EmulatorEvent> {
    return this.#log.events();
  }

  async receive(message: string | object, from?: { number?: string; name?: string }): Promise<{ id: string }> {
    return this.#state.conversation.receive(message, from);
  }

  fail(failure: Failure): void {
    checkFailure(failure);
    this.#state.failures.add(failure);
  }

  advance(ms: number): void {
    checkNumber("ms", ms, 0);
    this.#state.clock.advance(ms);
    this.#state.deliveries.hurry();
  }

  settled(): Promise<void> {
    return this.#state.deliveries.settled();
  }

  reset(): void {
    const leaving = this.#state.deliveries.close();
    this.#leaving.add(leaving);
    void leaving.then(() => this.#leaving.delete(leaving));
    this.#log.clear();
    this.#state = this.#begin();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { host } = this.#parts;
    const { headers } = request;
    // Whoever knows us by Meta's name gets addresses that lead here all the same.
    if (isMetasHost(headers.host)) headers.host = new URL(this.url).host;
    const head = readHead(request);
    const forControl = head.path === CONTROL || head.path.startsWith(`${CONTROL}/`);
    if (!isOurHost(headers.host, host)) {
      tell(response, 403, { error: { message: `this is not ${headers.host ?? "a server without a name"}` } });
    } else if (forControl && headers.origin !== undefined) {
      tell(response, 403, { error: { message: "web pages may not control the emulator" } });
    } else if (forControl) await this.#control(request, response, head);
    else await exchange(request, response, { head, state: this.#state, latencyMs: this.#options.latencyMs ?? 0 });
  }

  async #control(request: IncomingMessage, response: ServerResponse, head: Head): Promise<void> {
    try {
      const { body } = await readCall(request, head, { id: "", maxBytes: MAX_BODY_BYTES });
      const malformed = body.malformed && { status: 400, json: { error: { message: body.malformed } } };
      const { status, json } = malformed || (await control(head, body.fields, this));
      tell(response, status, json);
    } catch (error) {
      tell(response, error instanceof Refusal ? error.http : 500, { error: { message: reasonOf(error) } });
    }
  }

  close(): Promise<void> {
    this.#closed ??= this.#finish();
    return this.#closed;
  }

  async #finish(): Promise<void> {
    const { server } = this.#parts;
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await Promise.all([this.#state.deliveries.close(), ...this.#leaving, closed]);
    this.#log.end();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

function tell(response: ServerResponse, status: number, json: unknown): void {
  if (response.destroyed) return;
  response.writeHead(status, { "content-type": "application/json" }).end(`${JSON.stringify(json)}\n`);
}
