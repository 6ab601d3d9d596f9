/** The listener: an HTTP server that receives webhook deliveries in place of the app. */
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";

import { UsageError } from "../errors.ts";
import { Broadcast } from "../events.ts";
import { ByteBudget } from "../http/byte-budget.ts";
import { listenOn } from "../http/listen.ts";
import { limitedServer } from "../http/server.ts";
import { requireSecret } from "../secret.ts";
import { MemoryStore } from "../store/memory.ts";
import type { Store } from "../store/store.ts";
import { answerHandshake } from "../webhook/handshake.ts";
import { Afterwards } from "./afterwards.ts";
import type { ListenerEvent } from "./event.ts";
import { Explainer } from "./explainer.ts";
import { ForwardQueue } from "./forward-queue.ts";
import { Forwarder } from "./forward.ts";
import { InFlight } from "./in-flight.ts";
import { Indexer } from "./indexer.ts";
import type { Listener } from "./listener.ts";
import { Metrics, type ListenerState, type ListenerSummary } from "./metrics.ts";
import { LIMITS, type Limits, type ListenerOptions } from "./options.ts";
import { acknowledgment, type Outbound, type Reported } from "./outbound.ts";
import { broken, receive, scopeOf, type Accepted, type Outcome, type Receiving, type Rejected } from "./receive.ts";
import { Reservations } from "./reservations.ts";
import { RETRY } from "./retry-policy.ts";

const JSON_TYPE = { "content-type": "application/json" };

/**
 * Starts a listener. Resolves when it accepts requests. Throws an `UnavailableError` when the port is in use or another listener on
 * the same store forwards to the same app, and a `UsageError` when the path, the address, the app secret or the verify token is invalid.
 */
export async function startListener(options: ListenerOptions): Promise<Listener> {
  const { host = "127.0.0.1", port = 0, path = "/webhook" } = options;
  requireSecret(options.appSecret, "appSecret");
  requireSecret(options.verifyToken, "verifyToken");
  if (!path.startsWith("/")) {
    throw new UsageError(`the path must start with a slash; got ${path}`, {
      code: "listen.path",
      hint: `use /${path}`,
    });
  }
  const listening = new Listening({ ...options, path }, await Forwarder.openAll(options.forward));
  await listening.listen(port, host);
  return listening;
}

class Listening implements Listener {
  readonly store: Store;
  readonly #server: Server;
  readonly #options: ListenerOptions & { path: string };
  readonly #limits: Limits;
  readonly #forwarders: readonly Forwarder[];
  readonly #queues: readonly ForwardQueue[];
  readonly #receiver: Receiving;
  readonly #metrics = new Metrics();
  readonly #indexer: Indexer;
  readonly #receiving = new InFlight();
  readonly #afterwards = new Afterwards();
  readonly #reservations = new Reservations();
  /** Connections that timed out. */
  readonly #slow = new WeakSet<Duplex>();
  readonly #broadcast = new Broadcast<ListenerEvent>();
  readonly #aborting = new AbortController();
  #closed: Promise<ListenerSummary> | undefined;
  #lastForwarded: Outbound | undefined;
  #mismatches = 0;
  #host = "";

  constructor(options: ListenerOptions & { path: string }, forwarders: readonly Forwarder[]) {
    this.#options = options;
    this.#limits = { ...LIMITS, ...options.limits };
    this.store = options.store ?? new MemoryStore();
    this.store.onNotice?.((notice) => this.#emit({ type: "store", at: Date.now(), notice }));
    this.#indexer = new Indexer(this.store, () => this.#metrics.deliveries);
    this.#forwarders = forwarders;
    this.#queues = forwarders.map(
      (forwarder) =>
        new ForwardQueue({
          forwarder,
          store: this.store,
          retry: { ...RETRY, ...options.retry },
          emit: (event) => this.#emitForward(event),
          attempted: (forwarded) => this.#metrics.attempted(forwarder.to, forwarded),
        }),
    );
    this.#receiver = {
      forwardTo: forwarders.map(({ to }) => to),
      mismatched: (at) => this.#mismatched(at),
      forward: (outbound, forwards, answer) => this.#forward(outbound, forwards, answer !== undefined),
      app: options.ack === "app" ? forwarders[0] : undefined,
      wanted: options.wanted,
      appSecret: options.appSecret,
      explainer: new Explainer(options.appSecret, options.otherSecrets ?? []),
      store: this.store,
      maxBytes: this.#limits.bodyBytes,
      budget: new ByteBudget(this.#limits.unverifiedBytes),
      slow: this.#slow,
      scope: "",
    };
    this.#server = limitedServer(this.#limits, {
      request: (request, response) => this.#route(request, response),
      clientError: ({ status, reason }, socket, isResponding) => {
        if (status === 408) this.#slow.add(socket);
        // The outcome of its request is reported.
        if (!isResponding) this.#afterwards.add(() => this.#rejected({ status, reason }));
      },
    });
  }

  async listen(port: number, host: string): Promise<void> {
    this.#host = host.includes(":") ? `[${host}]` : host;
    try {
      await this.#reservations.reserve(this.store, this.#receiver.forwardTo);
      await listenOn(this.#server, { host, port, command: "wa-hook listen" });
    } catch (error) {
      this.#reservations[Symbol.dispose]();
      throw error;
    }
    this.#receiver.scope = scopeOf(this.port);
    try {
      for (const forwarder of this.#forwarders) forwarder.refuseLoop({ host, port: this.port });
    } catch (error) {
      await this.close();
      throw error;
    }
    // After the caller has asked for the events.
    setImmediate(() => this.#resume());
  }

  #resume(): void {
    if (this.#closed !== undefined) return;
    for (const queue of this.#queues) {
      const deliveries = queue.start();
      if (deliveries > 0) this.#emit({ type: "resumed", at: Date.now(), to: queue.to, deliveries });
    }
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://${this.#host}:${this.port}${this.#options.path}`;
  }

  summary(): ListenerSummary {
    this.#afterwards.run();
    return this.#metrics.summary(this.#queues.reduce((sum, queue) => sum + queue.waiting, 0));
  }

  state(): ListenerState {
    this.#afterwards.run();
    return { ...this.#metrics.numbers(), apps: this.#queues.map(({ to, reachable }) => ({ to, reachable })) };
  }

  #route(request: IncomingMessage, response: ServerResponse): void {
    const [path, query = ""] = (request.url ?? "").split("?", 2) as [string, string?];
    const { method = "" } = request;
    if (path === this.#options.path && method === "POST") void this.#receive(request, response);
    else if (path === this.#options.path && method === "GET") this.#handshake(query, response);
    else if (path === "/health" && method === "GET") response.writeHead(200, JSON_TYPE).end('{"status":"ok"}');
    else if (path === this.#options.path) this.#reject(response, 405, `${method} is not supported; use GET or POST`);
    else this.#reject(response, 404, `${method} ${path}: the webhook path is ${this.#options.path}`);
  }

  #handshake(query: string, response: ServerResponse): void {
    const result = answerHandshake(new URLSearchParams(query), this.#options.verifyToken);
    response.writeHead(result.status, { "content-type": "text/plain", "x-content-type-options": "nosniff" });
    response.end(result.status === 200 ? result.challenge : undefined);
    const about = result.status === 200 ? { ok: true } : { ok: false, reason: result.reason };
    this.#metrics.handshake(about.ok);
    this.#afterwards.add(() => this.#emit({ type: "handshake", at: Date.now(), ...about }));
  }

  #reject(response: ServerResponse, status: number, reason: string): void {
    response.writeHead(status, { connection: "close", ...(status === 405 ? { allow: "GET, POST" } : {}) }).end();
    this.#afterwards.add(() => this.#rejected({ status, reason }));
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.#receiving.begin();
    const outcome = await receive(request, response, this.#receiver);
    this.#afterwards.add(() => {
      try {
        this.#report(outcome);
      } catch (error) {
        this.#report(broken(error));
      }
      this.#receiving.end();
    });
  }

  #report(outcome: Outcome): void {
    if ("probe" in outcome) this.#emit({ type: "probe", at: Date.now() });
    else if ("reason" in outcome) this.#rejected(outcome);
    else this.#accepted(outcome);
  }

  #accepted(accepted: Accepted): void {
    // Results follow in a later step, after the events that are emitted here.
    accepted.reported?.(true);
    const { receivedAt, recorded, ackMs, answer } = accepted;
    const { wanted } = this.#options;
    const events = wanted === undefined ? accepted.events() : accepted.events().filter((event) => wanted(event));
    const verdict = recorded.verdict === "duplicate" ? "duplicate" : "accepted";
    this.#metrics.acknowledged({ ms: ackMs, verdict, events, answer });
    const [first] = this.#queues;
    if (first !== undefined && answer !== undefined) this.#metrics.attempted(first.to, answer);
    if (events.length === 0) return;
    const forwarding = recorded.forwards.length > 0;
    this.#emit({ type: "delivery", delivery: recorded.id, receivedAt, verdict, ackMs, forwarding, events });
    if (!forwarding) return;
    const { headers, body } = accepted;
    this.#lastForwarded = { delivery: recorded.id, receivedAt, headers, body, events };
    if (answer !== undefined) first?.report(this.#lastForwarded, answer);
  }

  /** `isAnswered`: the first app has it already. */
  #forward(outbound: Outbound, forwards: readonly string[], isAnswered: boolean): Reported {
    const { wanted } = this.#options;
    const wantedOnly = wanted === undefined ? outbound : { ...outbound, events: outbound.events.filter(wanted) };
    const { acknowledged, reported } = acknowledgment();
    for (const [index, id] of forwards.entries()) {
      if (index > 0 || !isAnswered) this.#queues[index]?.add(id, wantedOnly, acknowledged);
    }
    return reported;
  }

  replayLast(): boolean {
    const last = this.#lastForwarded;
    if (last === undefined || this.#closed !== undefined) return false;
    for (const queue of this.#queues) void queue.replay(last);
    return true;
  }

  #emitForward(event: ListenerEvent): void {
    if (event.type === "forwarded") this.#metrics.forwarded(event);
    this.#emit(event);
  }

  #mismatched(at: number): number {
    const request = ++this.#mismatches;
    this.#afterwards.add(() => this.#emit({ type: "mismatch", at, request }));
    return request;
  }

  #rejected(rejected: Rejected): void {
    this.#metrics.reject(rejected.status);
    this.#emit({ type: "rejected", at: Date.now(), ...rejected });
  }

  #emit(event: ListenerEvent): void {
    this.#broadcast.emit(event);
  }

  events(): AsyncIterableIterator<ListenerEvent> {
    return this.#broadcast.events();
  }

  close(): Promise<ListenerSummary> {
    this.#closed ??= this.#finish();
    return this.#closed;
  }

  async #finish(): Promise<ListenerSummary> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeIdleConnections();
    const { closingMs } = this.#limits;
    const { signal } = this.#aborting;
    await this.#receiving.none(closingMs, signal);
    // Unfinished deliveries are not acknowledged, so their sender retries.
    this.#server.closeAllConnections();
    await this.#receiving.none();
    const pending = this.#queues.reduce((sum, { active }) => sum + active, 0);
    if (pending > 0 && !signal.aborted) this.#emit({ type: "closing", at: Date.now(), pending, timeoutMs: closingMs });
    await Promise.all(this.#queues.map((queue) => queue.close(closingMs, signal)));
    await closed;
    this.#afterwards.run();
    this.#indexer.close();
    this.#reservations[Symbol.dispose]();
    await this.store.close();
    this.#broadcast.end();
    return this.summary();
  }

  abort(): void {
    this.#aborting.abort();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
