/** The emulator: a Graph API on this machine, with one account, that answers and delivers webhooks as Meta does. */
import { randomBytes } from "node:crypto";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import { ByteBudget } from "../http/byte-budget.ts";
import { refusalOf } from "../http/guard.ts";
import { listenOn, originOf } from "../http/listen.ts";
import { limitedServer } from "../http/server.ts";
import { environment, makeAccount } from "./account/account.ts";
import type { Emulator } from "./emulator.ts";
import type { EmulatedRequest, EmulatorEvent } from "./event.ts";
import { readHead } from "./http/call.ts";
import { exchange } from "./http/exchange.ts";
import { isMetaHost } from "./http/host.ts";
import { inOwnWords, respond } from "./http/respond.ts";
import { Log } from "./log.ts";
import {
  checkAdvance,
  checkOptions,
  isConfined,
  type Account,
  type EmulatorOptions,
  type Failure,
  type TokenName,
} from "./options.ts";
import { control, isControl } from "./routes/control.ts";
import { newState, type State } from "./state.ts";

const LIMITS = { headersMs: 10_000, requestMs: 60_000, connections: 1000 };
/** Room for two of the largest files at once; of more, the slowest are asked to come again. */
const BODIES_BYTES = 208 * 1024 * 1024;

/**
 * Starts an emulator. It keeps to this machine: a `link` in a message is accepted and not fetched. Resolves when it takes requests.
 * Throws an `UnavailableError` when the port is taken and a `UsageError` when an option cannot be used.
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  checkOptions(options);
  const { host = "127.0.0.1", port = 0, seed = randomBytes(16).toString("hex"), latencyMs = 0 } = options;
  const accountSeed = options.accountSeed ?? seed;
  const account = makeAccount(options.account ?? {}, accountSeed);
  const parts: Parts = { account, accountSeed, seed, host, latencyMs, bodies: new ByteBudget(BODIES_BYTES) };
  let emulating: Emulating | undefined;
  const server = limitedServer(
    { ...LIMITS, requestMs: LIMITS.requestMs + latencyMs },
    { request: (request, response) => void emulating?.answer(request, response) },
  );
  await listenOn(server, { host, port, command: "wa-hook emulate" });
  emulating = new Emulating(options, parts, server);
  return emulating;
}

interface Parts {
  account: Account;
  /** Of the account's ids and tokens. */
  accountSeed: string;
  /** Of everything else. */
  seed: string;
  host: string;
  latencyMs: number;
  /** All bodies that are being received. */
  bodies: ByteBudget;
}

class Emulating implements Emulator {
  readonly account: Account;
  readonly port: number;
  readonly url: string;
  readonly #options: EmulatorOptions;
  readonly #parts: Parts;
  readonly #server: Server;
  readonly #log = new Log();
  /** What earlier resets still have to close. */
  readonly #leaving = new Set<Promise<void>>();
  #state: State;
  #closed: Promise<void> | undefined;

  constructor(options: EmulatorOptions, parts: Parts, server: Server) {
    this.#options = options;
    this.#parts = parts;
    this.#server = server;
    this.account = parts.account;
    this.port = (server.address() as AddressInfo).port;
    this.url = originOf({ host: parts.host, port: this.port });
    this.#state = this.#begin();
  }

  #begin(): State {
    const { account, accountSeed, seed } = this.#parts;
    return newState({ options: this.#options, account, accountSeed, seed, url: this.url, log: this.#log });
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
    this.#state.failures.add(failure);
  }

  advance(ms: number): void {
    checkAdvance(ms, this.#state.clock.now());
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

  /** Never rejects: nothing in a request ends the process. */
  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await this.#route(request, response);
    } catch (error) {
      const message = this.#log.bug(error, this.#state.clock.now());
      if (response.headersSent) response.destroy();
      else respond(request, response, inOwnWords(500, message));
    }
  }

  async #route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { host, latencyMs, bodies: budget } = this.#parts;
    const { headers, method = "" } = request;
    // Whoever knows us by Meta's name gets addresses that lead here all the same.
    if (isMetaHost(headers.host)) headers.host = new URL(this.url).host;
    const refusal = refusalOf(method, headers, host);
    if (refusal !== undefined) {
      this.#log.once(refusal, this.#state.clock.now());
      respond(request, response, inOwnWords(403, refusal));
      return;
    }
    const head = readHead(request);
    if (isControl(head.path)) {
      // The app's own token has the app secret in it, which nobody learns here when it may be a real one.
      const { app, ...others } = this.tokens;
      const tokens = isConfined(this.#options) ? others : { ...others, app };
      await control(request, response, { head, emulator: this, tokens, budget });
    } else await exchange(request, response, { head, state: this.#state, latencyMs, budget });
  }

  close(): Promise<void> {
    this.#closed ??= this.#finish();
    return this.#closed;
  }

  async #finish(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await Promise.all([this.#state.deliveries.close(), ...this.#leaving, closed]);
    this.#log.end();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
