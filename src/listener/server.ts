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
import { Forwarder } from "./forward.ts";
import { InFlight } from "./in-flight.ts";
import { Metrics, type ListenerSummary } from "./metrics.ts";
import { LIMITS, type Limits, type ListenerOptions } from "./options.ts";
import { receive, type Accepted, type Receiving } from "./receive.ts";

/** A `waiting` event is emitted when the app has not responded for this long, in milliseconds. */
const WAITING_MS = 1000;

export interface Listener extends AsyncDisposable {
  /** The endpoint: `http://127.0.0.1:8000/webhook`. */
  readonly url: string;
  readonly port: number;
  readonly store: Store;
  summary(): ListenerSummary;
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
  const forwarder = options.forward && (await Forwarder.open(options.forward));
  const listening = new Listening({ ...options, path }, forwarder);
  await listening.listen(port, host);
  return listening;
}

class Listening implements Listener {
  readonly store: Store;
  readonly #server: Server;
  readonly #options: ListenerOptions & { path: string };
  readonly #limits: Limits;
  readonly #forwarder: Forwarder | undefined;
  readonly #receiver: Receiving;
  readonly #metrics = new Metrics();
  readonly #receiving = new InFlight();
  readonly #forwarding = new InFlight();
  /** Connections whose body is being read, and those that timed out. */
  readonly #reading = new WeakSet<Duplex>();
  readonly #slow = new WeakSet<Duplex>();
  readonly #broadcast = new Broadcast<ListenerEvent>();
  readonly #aborting = new AbortController();
  #closed: Promise<ListenerSummary> | undefined;
  #lastForwarded: Accepted | undefined;
  #host = "";

  constructor(options: ListenerOptions & { path: string }, forwarder: Forwarder | undefined) {
    this.#options = options;
    this.#forwarder = forwarder;
    this.#limits = { ...LIMITS, ...options.limits };
    this.store = options.store ?? new MemoryStore();
    this.store.onNotice?.((notice) => this.#emit({ type: "store", at: Date.now(), notice }));
    this.#receiver = {
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
    const { forward } = this.#options;
    if (forward === undefined || !leadsTo(forward.to, { host, port: this.port })) return;
    await this.close();
    throw forwardLoop(forward.to);
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://${this.#host}:${this.port}${this.#options.path}`;
  }

  summary(): ListenerSummary {
    return this.#metrics.summary();
  }

  #route(request: IncomingMessage, response: ServerResponse): void {
    const [path, query = ""] = (request.url ?? "").split("?", 2) as [string, string?];
    const { method = "" } = request;
    if (path === this.#options.path && method === "POST") void this.#receive(request, response);
    else if (path === this.#options.path && method === "GET") this.#handshake(query, response);
    else if (path === "/health" && method === "GET") respondHealthy(response);
    else if (path === this.#options.path) this.#reject(response, 405, `${method} is not supported; use GET or POST`);
    else this.#reject(response, 404, `${method} ${path}: the webhook path is ${this.#options.path}`);
  }

  #handshake(query: string, response: ServerResponse): void {
    const result = answerHandshake(new URLSearchParams(query), this.#options.verifyToken);
    response.writeHead(result.status, { "content-type": "text/plain", "x-content-type-options": "nosniff" });
    response.end(result.status === 200 ? result.challenge : undefined);
    const ok = result.status === 200;
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
    this.#metrics.deliveries++;
    this.#metrics.acknowledged(ackMs);
    for (const { kind } of events) this.#metrics.countEvent(kind);
    const verdict = recorded.verdict === "duplicate" ? "duplicate" : "accepted";
    if (verdict === "duplicate") this.#metrics.duplicates++;
    if (events.length === 0) return;
    const forwarder = verdict === "accepted" ? this.#forwarder : undefined;
    const forwarding = forwarder !== undefined;
    this.#emit({ type: "delivery", delivery: recorded.id, receivedAt, verdict, ackMs, forwarding, events });
    if (forwarder === undefined) return;
    this.#lastForwarded = { ...accepted, events };
    void this.#forward(this.#lastForwarded, forwarder);
  }

  replayLast(): boolean {
    if (this.#forwarder === undefined || this.#lastForwarded === undefined || this.#closed !== undefined) return false;
    void this.#forward(this.#lastForwarded, this.#forwarder, { replayedAt: Date.now() });
    return true;
  }

  async #forward(accepted: Accepted, forwarder: Forwarder, replayed: { replayedAt?: number } = {}): Promise<void> {
    const { receivedAt, events } = accepted;
    const about = { delivery: accepted.recorded.id, receivedAt, events, ...replayed };
    const { forwarding } = this.#limits;
    if (this.#forwarding.count >= forwarding) {
      this.#metrics.forwardFailures++;
      const advice = `not forwarded: ${forwarding} deliveries are waiting for the app; run wa-hook replay @${about.delivery} later`;
      this.#emit({ type: "forwarded", ...about, ms: 0, advice });
      return;
    }
    this.#forwarding.begin();
    const waiting = setTimeout(() => this.#emit({ type: "waiting", ...about, ms: WAITING_MS }), WAITING_MS);
    const forwarded = await forwarder.forward(accepted);
    clearTimeout(waiting);
    if (forwarded.status === 200) this.#metrics.responded(forwarded.ms);
    else this.#metrics.forwardFailures++;
    this.#emit({ type: "forwarded", ...about, ...forwarded });
    this.#forwarding.end();
  }

  #rejected(status: number, reason: string, delivery?: string): void {
    if (status === 500) this.#metrics.unrecorded++;
    else this.#metrics.rejected++;
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
    const pending = this.#forwarding.count;
    if (pending > 0 && !signal.aborted) this.#emit({ type: "closing", at: Date.now(), pending, timeoutMs: closingMs });
    await this.#forwarding.none(closingMs, signal);
    await this.#forwarder?.close();
    await this.#forwarding.none();
    await closed;
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

function respondHealthy(response: ServerResponse): void {
  response.writeHead(200, { "content-type": "application/json" }).end('{"status":"ok"}');
}
