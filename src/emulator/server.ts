/** The emulator: a local Graph API with one account that responds and delivers webhooks as Meta does. */
import { randomBytes } from "node:crypto";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import { UsageError } from "../errors.ts";
import { refusalOf } from "../http/browser-guard.ts";
import { ByteBudget } from "../http/byte-budget.ts";
import { listenOn, originOf } from "../http/listen.ts";
import { limitedServer } from "../http/server.ts";
import { environment, makeAccount } from "./account/account.ts";
import { playAction } from "./business/customer-actions.ts";
import type { ActionResult, CustomerAction } from "./customer-action.ts";
import type { Conduct, ConductChange, Emulator, OtherApp } from "./emulator.ts";
import type { EmulatedRequest, EmulatorEvent, ReceivedMessage } from "./event.ts";
import { readHead } from "./http/call.ts";
import { exchange } from "./http/exchange.ts";
import { isMetaHost } from "./http/host.ts";
import { errorResponse, respond } from "./http/respond.ts";
import { Log } from "./log.ts";
import { adopt } from "./messaging/adopt.ts";
import { digitsIn } from "./messaging/recipient.ts";
import {
  checkAdvance,
  checkOptions,
  checkWebhook,
  isLocalOnly,
  type Account,
  type EmulatorOptions,
  type Failure,
  type Sender,
  type TokenName,
} from "./options.ts";
import { control, isControl } from "./routes/control.ts";
import { newState, startingFields, type State } from "./state.ts";
import { playStory } from "./stories/play.ts";
import type { PlayedStory } from "./stories/story.ts";
import type { Template, TemplateChange } from "./templates/template.ts";

const LIMITS = { headersMs: 10_000, requestMs: 60_000, connections: 1000 };
/** Allows two concurrent uploads of the largest size; further ones get a retryable error. */
const BODIES_BYTES = 208 * 1024 * 1024;

/**
 * Starts an emulator and resolves when it accepts requests. It makes no requests to other hosts: a `link` in a message is accepted
 * but not fetched. Throws an `UnavailableError` when the port is in use and a `UsageError` for an invalid option.
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  checkOptions(options);
  const { host = "127.0.0.1", port = 0, latencyMs = 0 } = options;
  const accountSeed = options.accountSeed ?? options.seed ?? randomSeed();
  const account = makeAccount(options.account ?? {}, accountSeed);
  const parts: Parts = { account, accountSeed, host, latencyMs, bodies: new ByteBudget(BODIES_BYTES) };
  let emulator: StartedEmulator | undefined;
  const server = limitedServer(
    { ...LIMITS, requestMs: LIMITS.requestMs + latencyMs },
    { request: (request, response) => void emulator?.handle(request, response) },
  );
  await listenOn(server, { host, port, command: "wa-hook emulate" });
  emulator = new StartedEmulator(options, parts, server);
  return emulator;
}

function randomSeed(): string {
  return randomBytes(16).toString("hex");
}

interface Parts {
  account: Account;
  /** Seed for the account's ids and tokens. */
  accountSeed: string;
  host: string;
  latencyMs: number;
  /** Shared by all bodies that are being received. */
  bodies: ByteBudget;
}

class StartedEmulator implements Emulator {
  readonly account: Account;
  readonly port: number;
  readonly url: string;
  readonly #options: EmulatorOptions;
  readonly #parts: Parts;
  readonly #server: Server;
  readonly #log = new Log();
  /** Deliveries of earlier states that are still closing. */
  readonly #closing = new Set<Promise<void>>();
  #state: State;
  #latencyMs: number;
  #closed: Promise<void> | undefined;

  constructor(options: EmulatorOptions, parts: Parts, server: Server) {
    this.#options = options;
    this.#parts = parts;
    this.#server = server;
    this.account = parts.account;
    this.port = (server.address() as AddressInfo).port;
    this.url = originOf({ host: parts.host, port: this.port });
    this.#state = this.#initialState();
    this.#latencyMs = parts.latencyMs;
  }

  #initialState(): State {
    const { account, accountSeed } = this.#parts;
    // A new one after each reset: an app that knows the ids of before would drop messages as duplicates.
    const { seed = randomSeed() } = this.#options;
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

  get received(): readonly ReceivedMessage[] {
    return this.#log.received;
  }

  now(): number {
    return this.#state.clock.now();
  }

  get conduct(): Conduct {
    const { statuses, failures } = this.#state;
    return { statuses: { ...statuses }, failures: failures.list, latencyMs: this.#latencyMs };
  }

  change({ statuses = {}, latencyMs, clearFailures, window }: ConductChange): void {
    const delays = Object.entries(statuses).filter(([status]) => Object.hasOwn(this.#state.statuses, status));
    checkOptions({ statuses: Object.fromEntries(delays), ...(latencyMs === undefined ? {} : { latencyMs }) });
    Object.assign(this.#state.statuses, Object.fromEntries(delays));
    this.#latencyMs = latencyMs ?? this.#latencyMs;
    if (clearFailures === true) this.#state.failures.clear();
    if (window !== undefined) this.#state.customers.setWindows(window);
  }

  media(id: string): { mime: string; bytes: Uint8Array } | undefined {
    return this.#state.mediaStore.get(id);
  }

  template(name: string, language: string): Template | undefined {
    const same = (template: Template) => template.language.toLowerCase() === language.toLowerCase();
    return this.#state.templates.list().find((template) => template.name === name && same(template));
  }

  windowEnds(customer: string): number | undefined {
    return this.#state.customers.windowEnds(customer);
  }

  events(): AsyncIterableIterator<EmulatorEvent> {
    return this.#log.events();
  }

  async receive(message: string | object, from: Sender = {}): Promise<{ id: string; userId: string }> {
    const { account, business, conversation, customers } = this.#state;
    const { waId, userId, username } = customers.of(from);
    if (business.numbers.of(from.to ?? account.phoneNumberId).blocked.has(userId)) {
      throw new UsageError(`the business has blocked ${waId ?? username ?? userId}`, { code: "emulate.blocked" });
    }
    const received = conversation.receive(message, from);
    business.calls.permissions.note(userId, message);
    return received;
  }

  adopt(payload: unknown): void {
    adopt(payload, this.#state);
  }

  async act(action: CustomerAction): Promise<ActionResult> {
    const { account, customers } = this.#state;
    const number = digitsIn(action.from ?? account.customer.number);
    if (number === undefined) throw new UsageError(`${action.from} is not a phone number`, { code: "emulate.action" });
    const receive = (message: object) => this.receive(message, { number });
    return playAction(action, customers.get(number), { ...this.#state, receive });
  }

  signupCode(): { code: string; expires_in: number } {
    return this.#state.business.signupCodes.issue();
  }

  play(story: string): PlayedStory {
    return playStory(story, this.#state, this.url);
  }

  addApp(webhook: string | URL): OtherApp {
    checkWebhook(webhook, isLocalOnly(this.#options));
    const { apps, callbacks, tokens } = this.#state;
    const app = apps.add(tokens);
    callbacks.subscribe(app, webhook, startingFields(this.#options));
    return { ...app, webhook: String(webhook) };
  }

  get otherApps(): readonly OtherApp[] {
    const { apps, callbacks } = this.#state;
    return apps.others.map((app) => {
      const webhook = callbacks.subscriptions.get(app.id)?.callback;
      return { ...app, ...(webhook === undefined ? {} : { webhook }) };
    });
  }

  fail(failure: Failure): void {
    this.#state.failures.add(failure);
  }

  advance(ms: number): void {
    checkAdvance(ms, this.#state.clock.now());
    this.#state.clock.advance(ms);
    this.#state.templates.settle();
    this.#state.deliveries.flush();
  }

  changeTemplate(name: string, change: TemplateChange): void {
    this.#state.templates.change(name, change);
  }

  settled(): Promise<void> {
    return this.#state.deliveries.settled();
  }

  reset(): void {
    const closing = closed(this.#state);
    this.#closing.add(closing);
    void closing.then(() => this.#closing.delete(closing));
    this.#log.clear();
    this.#latencyMs = this.#parts.latencyMs;
    this.#state = this.#initialState();
  }

  /** Never rejects, so that no request can end the process. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await this.#route(request, response);
    } catch (error) {
      const message = this.#log.reportBug(error, this.#state.clock.now());
      if (response.headersSent) response.destroy();
      else respond(request, response, errorResponse(500, message));
    }
  }

  async #route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { host, bodies: budget } = this.#parts;
    const latencyMs = this.#latencyMs;
    const { headers, method = "" } = request;
    // URLs in responses must point to the emulator even when the client uses Meta's host name.
    if (isMetaHost(headers.host)) headers.host = new URL(this.url).host;
    const refusal = refusalOf(method, headers, host);
    if (refusal !== undefined) {
      this.#log.warnOnce(refusal, this.#state.clock.now());
      respond(request, response, errorResponse(403, refusal));
      return;
    }
    const head = readHead(request);
    if (isControl(head.path)) {
      // The app token contains the app secret, which must not be exposed when it can be a real one.
      const { app, ...others } = this.tokens;
      const tokens = isLocalOnly(this.#options) ? others : { ...others, app };
      await control(request, response, { head, emulator: this, tokens, budget });
    } else await exchange(request, response, { head, state: this.#state, latencyMs, budget });
  }

  close(): Promise<void> {
    this.#closed ??= this.#finish();
    return this.#closed;
  }

  async #finish(): Promise<void> {
    const stopped = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await Promise.all([closed(this.#state), ...this.#closing, stopped]);
    this.#log.end();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** Ends what a state has in flight. */
async function closed({ deliveries, flowSessions }: State): Promise<void> {
  await Promise.all([deliveries.close(), flowSessions.end()]);
}
