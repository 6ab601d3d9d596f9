/** The listener: an HTTP server that receives webhook deliveries in place of the app. */
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";

import { reasonOf, UsageError } from "../errors.ts";
import { Broadcast } from "../events.ts";
import { ByteBudget } from "../http/byte-budget.ts";
import { leadsTo, listenOn } from "../http/listen.ts";
import { limitedServer } from "../http/server.ts";
import { requireSecret } from "../secret.ts";
import { MemoryStore } from "../store/memory.ts";
import type { Store } from "../store/store.ts";
import { answerHandshake } from "../webhook/handshake.ts";
import type { ListenerEvent } from "./event.ts";
import { Explainer } from "./explainer.ts";
import { ForwardQueue } from "./forward-queue.ts";
import { Forwarder } from "./forward.ts";
import { InFlight } from "./in-flight.ts";
import { Indexer } from "./indexer.ts";
import { Metrics, type ListenerState, type ListenerSummary } from "./metrics.ts";
import { LIMITS, type Limits, type ListenerOptions } from "./options.ts";
import type { Outbound } from "./outbound.ts";
import { receive, type Accepted, type Receiving } from "./receive.ts";
import { RETRY } from "./retry-policy.ts";

const JSON_TYPE = { "content-type": "application/json" };

/** A running listener. It stops with `close()`, or at the end of the block with `await using`. */
export interface Listener extends AsyncDisposable {
  /** The endpoint: `http://127.0.0.1:8000/webhook`. */
  readonly url: string;
  readonly port: number;
  readonly store: Store;
  summary(): ListenerSummary;
  /** What is counted, and the state of forwarding, at this moment. */
  state(): ListenerState;
  /** The events from this call on, in order; ends when the listener is closed. */
  events(): AsyncIterableIterator<ListenerEvent>;
  /**
   * Forwards the last accepted delivery again, with the same bytes and headers; a `forwarded` event with `replayedAt` follows. Returns false
   * when there is no delivery yet, no app to forward to, or the listener is closed.
   */
  replayLast(): boolean;
  /** Stops accepting requests, finishes those in flight, and closes the store. */
  close(): Promise<ListenerSummary>;
  /** Cancels everything in flight, so that closing ends at once. */
  abort(): void;
}

/**
 * Starts a listener. Resolves when it accepts requests. Throws an `UnavailableError` when the port is in use and a `UsageError` when
 * the path, the address, the app secret or the verify token is invalid.
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
  const forwarders = await Promise.all([options.forward ?? []].flat().map((forwarding) => Forwarder.open(forwarding)));
  const listening = new Listening({ ...options, path }, forwarders);
  await listening.listen(port, host);
  return listening;
}

class Listening implements Listener {
  readonly store: Store;
  readonly #server: Server;
  readonly #options: ListenerOptions & { path: string };
  readonly #limits: Limits;
  readonly #queues: readonly ForwardQueue[];
  readonly #receiver: Receiving;
  readonly #metrics = new Metrics();
  readonly #indexer: Indexer;
  readonly #receiving = new InFlight();
  /** Connections whose body is being read, and those that timed out. */
  readonly #reading = new WeakSet<Duplex>();
  readonly #slow = new WeakSet<Duplex>();
  readonly #broadcast = new Broadcast<ListenerEvent>();
  readonly #aborting = new AbortController();
  #closed: Promise<ListenerSummary> | undefined;
  #lastForwarded: Outbound | undefined;
  #host = "";

  constructor(options: ListenerOptions & { path: string }, forwarders: readonly Forwarder[]) {
    this.#options = options;
    this.#limits = { ...LIMITS, ...options.limits };
    this.store = options.store ?? new MemoryStore();
    this.store.onNotice?.((notice) => this.#emit({ type: "store", at: Date.now(), notice }));
    this.#indexer = new Indexer(this.store, () => this.#metrics.deliveries);
    const retry = { ...RETRY, ...options.retry };
    this.#queues = forwarders.map(
      (forwarder) =>
        new ForwardQueue({
          forwarder,
          store: this.store,
          retry,
          emit: (event) => this.#emitForward(event),
          attempted: (forwarded) => this.#metrics.attempted(forwarder.to, forwarded),
        }),
    );
    this.#receiver = {
      forwardTo: forwarders.map(({ to }) => to),
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
      clientError: ({ status, reason }, socket) => {
        if (status === 408) this.#slow.add(socket);
        if (!this.#reading.has(socket)) this.#rejected(status, reason);
      },
    });
  }

  async listen(port: number, host: string): Promise<void> {
    this.#host = host.includes(":") ? `[${host}]` : host;
    await listenOn(this.#server, { host, port, command: "wa-hook listen" });
    this.#receiver.scope = scopeOf(this.port);
    const loop = [this.#options.forward ?? []].flat().find(({ to }) => leadsTo(to, { host, port: this.port }));
    if (loop !== undefined) {
      await this.close();
      throw forwardLoop(loop.to);
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
    return this.#metrics.summary(this.#queues.reduce((sum, queue) => sum + queue.waiting, 0));
  }

  state(): ListenerState {
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
    const ok = result.status === 200;
    this.#metrics.handshake(ok);
    this.#emit({ type: "handshake", at: Date.now(), ok, ...(ok ? {} : { reason: result.reason }) });
  }

  #reject(response: ServerResponse, status: number, reason: string): void {
    response.writeHead(status, { connection: "close", ...(status === 405 ? { allow: "GET, POST" } : {}) }).end();
    this.#rejected(status, reason);
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const started = performance.now();
    this.#reading.add(request.socket);
    this.#receiving.begin();
    try {
      const outcome = await receive(request, response, this.#receiver);
      if ("probe" in outcome) this.#emit({ type: "probe", at: Date.now() });
      else if ("reason" in outcome) this.#rejected(outcome.status, outcome.reason, outcome.delivery);
      else this.#accepted(outcome, performance.now() - started);
    } catch (error) {
      if (!response.headersSent) response.writeHead(500, { connection: "close" }).end();
      this.#rejected(500, `internal error in wa-hook; please report it: ${reasonOf(error)}`);
    } finally {
      this.#reading.delete(request.socket);
      this.#receiving.end();
    }
  }

  #accepted(accepted: Accepted, ackMs: number): void {
    const { receivedAt, recorded } = accepted;
    const { wanted } = this.#options;
    const events = wanted === undefined ? accepted.events : accepted.events.filter((event) => wanted(event));
    const verdict = recorded.verdict === "duplicate" ? "duplicate" : "accepted";
    const { answer } = accepted;
    this.#metrics.acknowledged({ ms: ackMs, verdict, events, answer });
    const [first] = this.#queues;
    if (first !== undefined && answer !== undefined) this.#metrics.attempted(first.to, answer);
    if (events.length === 0) return;
    const forwarding = recorded.forwards.length > 0;
    this.#emit({ type: "delivery", delivery: recorded.id, receivedAt, verdict, ackMs, forwarding, events });
    if (!forwarding) return;
    const { headers, body } = accepted;
    const outbound = { delivery: recorded.id, receivedAt, headers, body, events };
    this.#lastForwarded = outbound;
    for (const [index, id] of recorded.forwards.entries()) {
      if (index > 0 || accepted.answer === undefined) this.#queues[index]?.add(id, outbound);
      else this.#queues[index]?.report(outbound, accepted.answer);
    }
  }

  replayLast(): boolean {
    const last = this.#lastForwarded;
    if (last === undefined || this.#closed !== undefined) return false;
    for (const queue of this.#queues) void queue.replay(last);
    return true;
  }

  #emitForward(event: ListenerEvent): void {
    if (event.type === "forwarded") {
      if (event.status === 200) this.#metrics.responded(event.ms);
      else this.#metrics.forwardFailed();
    }
    this.#emit(event);
  }

  #rejected(status: number, reason: string, delivery?: string): void {
    this.#metrics.reject(status);
    this.#emit({ type: "rejected", at: Date.now(), status, reason, ...(delivery === undefined ? {} : { delivery }) });
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
    this.#indexer.close();
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

/** The default port has no scope, so that deliveries recorded by 0.1 are still duplicates. */
function scopeOf(port: number): string {
  return port === 8000 ? "" : `port ${port} `;
}

function forwardLoop(to: URL): UsageError {
  return new UsageError(`forwarding to ${to.href} leads back to this listener`, {
    code: "listen.forward-loop",
    hint: "set --forward-to to the port of your app, or use another --port for the listener",
  });
}
